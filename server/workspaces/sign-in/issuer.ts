import * as client from 'openid-client'
import type { OidcConfig } from '../../config.ts'

/** What the browser keeps while somebody is at the issuer: only who began can end. */
export type Begun = { state: string; nonce: string; verifier: string }

/** What the issuer says of somebody. */
export type Identity = { issuer: string; subject: string; email: string | null; is_verified: boolean; name: string | null }

export type Issuer = {
  begin(redirect_uri: string): Promise<{ url: string; begun: Begun }>
  finish(callback: URL, begun: Begun): Promise<Identity>
}

// The operator typed its address into the environment, so it need not pass the guard for addresses of users.
const PATIENCE_S = 10

/** Authorization code with PKCE, state and nonce. What the issuer publishes about itself is read at the first sign-in. */
export function openIssuer({ issuer, client_id, client_secret }: OidcConfig): Issuer {
  let found: Promise<client.Configuration> | undefined
  const configuration = () => {
    found ??= client
      .discovery(new URL(issuer), client_id, client_secret, undefined, {
        timeout: PATIENCE_S,
        // TLS alone would do by the standard; a signature is checked all the same.
        execute: [client.enableNonRepudiationChecks, ...(issuer.startsWith('http://') ? [client.allowInsecureRequests] : [])],
      })
      .catch(error => {
        found = undefined // asked again the next time
        throw error
      })
    return found
  }
  return {
    async begin(redirect_uri) {
      const begun = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
      const url = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri,
        scope: 'openid email profile',
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, begun }
    },
    async finish(callback, { state, nonce, verifier }) {
      const tokens = await client.authorizationCodeGrant(await configuration(), callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const told = tokens.claims()!
      const claims = told.email === undefined ? await askMore(await configuration(), tokens.access_token, told) : told
      return {
        issuer: told.iss,
        subject: told.sub,
        email: typeof claims.email === 'string' ? claims.email.trim().toLowerCase() : null,
        is_verified: claims.email_verified === true || claims.email_verified === 'true', // some send it as text
        name: typeof claims.name === 'string' && claims.name.trim() ? claims.name.trim().slice(0, 200) : null,
      }
    },
  }
}

type Claims = { sub: string; email?: unknown; email_verified?: unknown; name?: unknown }

/** Some keep the e-mail out of the token. */
async function askMore(configuration: client.Configuration, access_token: string, told: Claims): Promise<Claims> {
  if (!configuration.serverMetadata().userinfo_endpoint) return told
  return client.fetchUserInfo(configuration, access_token, told.sub)
}
