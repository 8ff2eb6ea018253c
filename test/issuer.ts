import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

type Claims = Record<string, unknown> & { sub: string }

export type StandIn = {
  url: string
  /** What it says of whoever comes next. */
  who: Claims
  /** Signs with a key that it does not publish. */
  forges: boolean
  /** As somebody's browser: signs in there and comes back with the address that the issuer sends them to. */
  signIn(authorize: string): Promise<string>
}

export const CLIENT = { client_id: 'throughline', client_secret: 'only the two of us know' }

/** An issuer of OpenID Connect that speaks real HTTP: discovery, keys, codes with PKCE, signed tokens. */
export async function startIssuer(): Promise<StandIn> {
  const [key, other] = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }))
  const codes = new Map<string, { nonce: string; challenge: string; redirect_uri: string; claims: Claims }>()
  const issuer: StandIn = { url: '', who: { sub: 'nobody' }, forges: false, signIn }
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const path = request.url!.split('?')[0]
    if (path === '/.well-known/openid-configuration')
      return answer(200, {
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `${issuer.url}/token`,
        jwks_uri: `${issuer.url}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    if (path === '/keys')
      return answer(200, { keys: [{ ...key!.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] })
    if (path !== '/token') return answer(404, {})
    let text = ''
    for await (const part of request) text += part
    const form = new URLSearchParams(text)
    const asked = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const is_client = form.get('client_id') === CLIENT.client_id && form.get('client_secret') === CLIENT.client_secret
    if (!asked || asked.challenge !== challenge || asked.redirect_uri !== form.get('redirect_uri') || !is_client)
      return answer(400, { error: 'invalid_grant' })
    const now = Math.floor(Date.now() / 1000)
    const claims = { ...asked.claims, iss: issuer.url, aud: CLIENT.client_id, nonce: asked.nonce, iat: now, exp: now + 300 }
    const signed = jwt(claims, (issuer.forges ? other : key)!.privateKey)
    return answer(200, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: signed })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => new Promise(resolve => server.close(resolve)))
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return issuer

  async function signIn(authorize: string) {
    const { searchParams } = new URL(authorize)
    const asked = (name: string) => searchParams.get(name) ?? ''
    const code = randomUUID()
    const redirect_uri = asked('redirect_uri')
    codes.set(code, { nonce: asked('nonce'), challenge: asked('code_challenge'), redirect_uri, claims: issuer.who })
    return `${redirect_uri}?${new URLSearchParams({ code, state: asked('state') })}`
  }
}

function jwt(claims: object, key: Parameters<typeof sign>[2]) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}
