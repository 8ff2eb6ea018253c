import { readRetryAfter } from '../egress/retry-after.ts'
import { CrmConnectionManager } from './manager.ts'
import type { CrmMeans, Token } from './provider.ts'
import { type CrmError, type CrmErrorKind, type CrmResult, failed, found } from './result.ts'

/** What a connector asks. `path` begins at the address of the account; a whole address is taken as it is, if it is of that account. */
export type CrmRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  json?: unknown
  form?: Record<string, string>
}

/** `body` is what stood in the JSON; null when the answer was empty. */
export type CrmReply = { status: number; headers: Record<string, string>; body: unknown }

/**
 * A CRM that is spoken to by HTTP. A sibling says how to sign in, what a request carries, and what the CRM's errors mean; here is what
 * is alike: one token for all, one more try when it ran out, answers that are HTML, cut off or silent.
 */
export abstract class HttpCrmConnectionManager extends CrmConnectionManager {
  protected readonly means: CrmMeans

  constructor(means: CrmMeans) {
    super()
    this.means = means
  }

  /** Called once however many requests wait for it. */
  protected abstract signIn(last: Token | null): Promise<CrmResult<Token>>
  /** 'https://acme.my.salesforce.com', without a slash at its end. */
  protected abstract addressOf(token: Token): string
  protected abstract headersOf(token: Token): Record<string, string>
  /** What the body says of an error: message, code, and a kind where the status alone does not tell it. */
  protected abstract explain(reply: CrmReply): { message?: string; code?: string; kind?: CrmErrorKind; existing_id?: string }
  /** Whether to sign in again. */
  protected isExpired({ status }: CrmReply): boolean {
    return status === 401
  }
  protected requestIdOf(headers: Record<string, string>): string | undefined {
    return headers['x-request-id']
  }

  /** One request, and exactly one more when the token ran out meanwhile. */
  protected async ask(request: CrmRequest): Promise<CrmResult<CrmReply>> {
    const first = await this.means.tokens.get(last => this.signIn(last))
    if (!first.ok) return first
    const answer = await this.send(request, first.value)
    if (!answer.ok || !this.isExpired(answer.value)) return this.judge(answer)
    const second = await this.means.tokens.get(last => this.signIn(last), first.value.access_token)
    if (!second.ok) return second
    return this.judge(await this.send(request, second.value))
  }

  /** Without a token: for signing in. Of an answer that is not understood nothing is quoted, because a token may stand in it. */
  protected async knock(request: CrmRequest): Promise<CrmResult<CrmReply>> {
    return this.judge(await this.exchange(request, request.path, {}, () => ''))
  }

  private send(request: CrmRequest, token: Token): Promise<CrmResult<CrmReply>> {
    const base = this.addressOf(token)
    const url = /^https?:/.test(request.path) ? request.path : base + request.path
    // A page's `next` is what a CRM says: the token goes nowhere else.
    if (originOf(url) === null || originOf(url) !== originOf(base)) {
      return Promise.resolve(failed('unexpected', `It sent us on to ${clip(url)}, which is not at the address of this account.`))
    }
    return this.exchange(request, url, this.headersOf(token))
  }

  private async exchange(
    { method, json, form }: CrmRequest,
    url: string,
    headers: Record<string, string>,
    quote = (text: string) => `: ${clip(text)}`,
  ): Promise<CrmResult<CrmReply>> {
    const body = json !== undefined ? JSON.stringify(json) : form && new URLSearchParams(form).toString()
    const type = json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded'
    const sent = { accept: 'application/json', ...(body !== undefined && { 'content-type': type }), ...headers }
    const answer = await this.means.send({ method, url, headers: sent, ...(body !== undefined && { body }) })
    if (!answer.ok) return answer
    const { status, headers: got, text } = answer.value
    const read = readJson(text)
    if (read === NOT_JSON && isWell(status)) {
      return failed('unexpected', `It answered ${status} with something that is not JSON${quote(text)}`, { http_status: status })
    }
    return found({ status, headers: got, body: read === NOT_JSON ? text : read })
  }

  private judge(answer: CrmResult<CrmReply>): CrmResult<CrmReply> {
    return !answer.ok || isWell(answer.value.status) ? answer : { ok: false, error: this.errorOf(answer.value) }
  }

  /** Also of an answer with a good status that says in its body that it failed. */
  protected errorOf(reply: CrmReply): CrmError {
    const said = this.explain(reply)
    const seconds = readRetryAfter(reply.status, reply.headers['retry-after'])
    const request_id = this.requestIdOf(reply.headers)
    const text = said.message === undefined ? (typeof reply.body === 'string' ? clip(reply.body) : '') : clip(said.message, 1000)
    return {
      kind: said.kind ?? kindOf(reply.status),
      message: [`It answered ${reply.status}`, [said.code, text].filter(Boolean).join(' ')].filter(Boolean).join(': '),
      http_status: reply.status,
      ...(said.code !== undefined && { code: said.code }),
      ...(seconds !== null && { retry_after_ms: seconds * 1000 }),
      ...(said.existing_id !== undefined && { existing_id: said.existing_id }),
      ...(request_id !== undefined && { request_id }),
    }
  }
}

function isWell(status: number) {
  return status >= 200 && status < 300
}

function kindOf(status: number): CrmErrorKind {
  if (status === 401 || status === 403) return 'auth'
  if (status === 404 || status === 410) return 'not_found'
  if (status === 408) return 'timeout'
  if (status === 300 || status === 409) return 'duplicate'
  if (status === 429) return 'rate_limited'
  if (status >= 500) return 'server'
  return status === 400 || status === 422 ? 'validation' : 'unexpected'
}

function originOf(url: string) {
  return URL.canParse(url) ? new URL(url).origin : null
}

const NOT_JSON = Symbol()

function readJson(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return NOT_JSON
  }
}

function clip(text: string, most = 200) {
  return text.replace(/\s+/g, ' ').trim().slice(0, most)
}
