import { sign } from 'node:crypto'
import Type from 'typebox'
import type { CrmReply, CrmRequest } from '../../http.ts'
import type { Token } from '../../provider.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { take } from '../../shape.ts'

type Settings = Record<string, string>
type Knock = (request: CrmRequest) => Promise<CrmResult<CrmReply>>

/** Salesforce takes an assertion that is good for at most five minutes. */
const GOOD_FOR_SECONDS = 180

const Granted = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  instance_url: Type.Optional(Type.String({ pattern: '^https?://[^/]' })),
})

/** By client credentials, or with a JWT that the private key signs. There is no word of when the token runs out: it is used until it is refused. */
export async function signIn(settings: Settings, knock: Knock): Promise<CrmResult<Token>> {
  const form = settings.auth === 'jwt' ? assertion(settings) : credentials(settings)
  if (!form.ok) return form
  const path = `${trimmed(settings.url!)}/services/oauth2/token`
  const granted = take(Granted, await knock({ method: 'POST', path, form: form.value }))
  if (!granted.ok) return granted
  const { access_token, instance_url } = granted.value
  return found({ access_token, instance_url: trimmed(instance_url ?? settings.url!) })
}

function credentials({ client_id, client_secret }: Settings): CrmResult<Record<string, string>> {
  if (!client_id || !client_secret) return failed('auth', 'The consumer key or the consumer secret is not set.')
  return found({ grant_type: 'client_credentials', client_id, client_secret })
}

function assertion({ client_id, username, private_key, audience }: Settings): CrmResult<Record<string, string>> {
  if (!client_id || !username || !private_key) return failed('auth', 'The consumer key, the user or the private key is not set.')
  const exp = Math.floor(Date.now() / 1000) + GOOD_FOR_SECONDS
  const claim = [{ alg: 'RS256' }, { iss: client_id, sub: username, aud: audience, exp }]
  const text = claim.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  try {
    const signature = sign('sha256', Buffer.from(text), private_key).toString('base64url')
    return found({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${text}.${signature}` })
  } catch {
    return failed('auth', 'The private key cannot be read. It must be an RSA key in PEM, without a passphrase.')
  }
}

function trimmed(url: string) {
  return url.replace(/\/+$/, '')
}
