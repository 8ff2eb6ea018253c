import { generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import type { Answered } from '../standin.ts'

const CLIENT_ID = '3MVG9throughline'
const CLIENT_SECRET = 'a secret of the app'
const USERNAME = 'integration@acme.example'
const LOGIN_HOST = 'https://login.salesforce.com'

/** The app over there that lets us in, with the tokens that it gave out. */
export function openApp(auth: 'client_credentials' | 'jwt') {
  const keys = auth === 'jwt' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : undefined
  const tokens = new Set<string>()
  const private_key = keys?.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const credentials = keys ? { username: USERNAME, private_key, audience: LOGIN_HOST } : { client_secret: CLIENT_SECRET }
  let given = 0
  return {
    settings: { client_id: CLIENT_ID, auth, ...credentials } as Record<string, string>,
    given: () => given,
    takeBack: () => tokens.clear(),
    knows: (authorization: string | undefined) => tokens.has(authorization?.replace('Bearer ', '') ?? ''),
    grant,
  }

  function grant(form: URLSearchParams, instance_url: string): Answered {
    const wrong = form.get('grant_type') === 'client_credentials' ? judgeSecret(form) : judgeAssertion(form)
    if (wrong) return { status: 400, body: { error: wrong[0], error_description: wrong[1] } }
    const access_token = `00D5e000000Acme!${randomBytes(24).toString('hex')}`
    tokens.add(access_token)
    given++
    const id = `${instance_url}/id/00D5e000000AcmeEAA/0055e000001abcdAAA`
    return { status: 200, body: { access_token, instance_url, id, token_type: 'Bearer', scope: 'api' } }
  }

  function judgeSecret(form: URLSearchParams): [error: string, description: string] | null {
    if (keys) return ['unsupported_grant_type', 'grant type not supported']
    if (form.get('client_id') !== CLIENT_ID) return ['invalid_client_id', 'client identifier invalid']
    return form.get('client_secret') === CLIENT_SECRET ? null : ['invalid_client', 'invalid client credentials']
  }

  function judgeAssertion(form: URLSearchParams): [error: string, description: string] | null {
    if (!keys || form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return ['unsupported_grant_type', 'grant type not supported']
    const [head = '', claim = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const { iss, sub, aud, exp } = JSON.parse(Buffer.from(claim, 'base64url').toString())
    const is_signed = verify('sha256', Buffer.from(`${head}.${claim}`), keys.publicKey, Buffer.from(signature, 'base64url'))
    if (!is_signed || iss !== CLIENT_ID) return ['invalid_grant', 'invalid assertion']
    if (aud !== LOGIN_HOST) return ['invalid_grant', 'audience is invalid']
    if (sub !== USERNAME) return ['invalid_grant', "user hasn't approved this consumer"]
    const seconds = exp - Date.now() / 1000
    return seconds > 0 && seconds <= 300 ? null : ['invalid_grant', 'expired authorization code']
  }
}
