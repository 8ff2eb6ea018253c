import { randomBytes } from 'node:crypto'
import { type Limit, openLimit } from './limit.ts'
import { Nation, REVIEW_TAG, SUSTAINER_TAG } from './nationbuilder/nation.ts'
import { answerV1 } from './nationbuilder/v1.ts'
import { answerV2 } from './nationbuilder/v2.ts'
import { type Answered, type Asked, listen, type Standin } from './standin.ts'

const CLIENT = { client_id: 'app', client_secret: 'app-secret' }
const UNAUTHORIZED = {
  status: 401,
  body: { code: 'unauthorized', message: 'You are not authorized to access this content. Your access token may be missing.' },
}

type Options = {
  version?: 'v1' | 'v2'
  /** 250 in 10 s, as the real one. */
  limit?: Limit
  /** Pages are never longer, whatever is asked for. 100. */
  most_per_page?: number
}

/** A nation with both versions of its API, and OAuth for the second. */
export async function nationbuilderStandin(options: Options = {}): Promise<Standin & { nation: Nation }> {
  const { version = 'v2', limit = { requests: 250, per_ms: 10_000 }, most_per_page = 100 } = options
  const nation = new Nation()
  for (const name of ['Newsletter', 'Educators', 'עברית', SUSTAINER_TAG]) nation.makeTag(name)
  const pass = openLimit(limit)
  const api_token = randomBytes(16).toString('hex')
  const good = new Set<string>()
  let refresh_token = randomBytes(16).toString('hex')
  const first_refresh_token = refresh_token
  let signIns = 0

  const { url, ...server } = await listen(reply, () => good.clear())
  const secrets = version === 'v1' ? { access_token: api_token } : { ...CLIENT, refresh_token: first_refresh_token }
  return {
    ...server,
    url,
    nation,
    settings: {
      url,
      version,
      ...secrets,
      sustainer_tag: SUSTAINER_TAG,
      review_tag: REVIEW_TAG,
      junk_tags: 'Signed_Up\nspam',
      old_id_field: 'salesforce_id',
    },
    signIns: () => signIns,
    people: () => nation.people(),
    put: person => nation.put(person),
  }

  function reply(asked: Asked): Answered {
    if (asked.method === 'POST' && asked.path === '/oauth/token') return signIn(new URLSearchParams(asked.text))
    const { is_over, remaining, ends_at, wait_ms } = pass()
    const headers = {
      'ratelimit-limit': String(limit.requests),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(Math.ceil(ends_at / 1000)),
    }
    const is_v1 = asked.path.startsWith('/api/v1/')
    const answered = is_over ? tooMany(is_v1, wait_ms) : (refusal(asked, is_v1) ?? answer(asked, is_v1))
    return { ...answered, headers: { ...headers, ...answered.headers } }
  }

  function answer(asked: Asked, is_v1: boolean): Answered {
    return is_v1 ? answerV1(nation, asked, most_per_page) : answerV2(nation, asked, most_per_page)
  }

  function refusal({ headers }: Asked, is_v1: boolean): Answered | undefined {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? ''
    if (is_v1 && token === api_token) return undefined
    if (token === api_token) return unauthorized('token_upgrade_required', 'A JWT is required.')
    if (good.has(token)) return undefined
    return token.startsWith('eyJ') ? unauthorized('token_expired', 'Your access token has expired.') : UNAUTHORIZED
  }

  /** The refresh token that was used is void from then on. */
  function signIn(form: URLSearchParams): Answered {
    if (form.get('client_id') !== CLIENT.client_id || form.get('client_secret') !== CLIENT.client_secret)
      return { status: 401, body: { error: 'invalid_client', error_description: 'Client authentication failed.' } }
    if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== refresh_token) {
      const error_description = 'The provided authorization grant is invalid, expired, or revoked.'
      return { status: 400, body: { error: 'invalid_grant', error_description } }
    }
    signIns++
    good.clear()
    const access_token = `eyJ${randomBytes(16).toString('hex')}`
    good.add(access_token)
    refresh_token = randomBytes(16).toString('hex')
    const created_at = Math.floor(Date.now() / 1000)
    const token = { access_token, refresh_token, token_type: 'Bearer', expires_in: 86_400, scope: 'default', created_at }
    return { status: 200, body: token }
  }
}

/** v1 tells only in its headers when to come again. */
function tooMany(is_v1: boolean, wait_ms: number): Answered {
  const message = 'You have made too many requests. Please try again later.'
  if (is_v1) return { status: 429, body: { code: 'rate_limited', message } }
  return { status: 429, headers: { 'retry-after': String(Math.ceil(wait_ms / 1000)) }, body: { message } }
}

function unauthorized(code: string, message: string): Answered {
  return { status: 401, body: { code, message } }
}
