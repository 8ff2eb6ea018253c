import type { Dispatcher } from 'undici'
import type { Answer, Failure, Outgoing } from './egress.ts'
import { explain, explainTimeout, type Phase } from './explain.ts'
import type { Pool } from './pool.ts'

const TIMEOUT_MS = 10_000
const KEEP_BYTES = 16_384
// What is read and thrown away to save a connection; after that a new connection is cheaper.
const SMALL_REST = 65_536
const MAX_HEADERS = 50
const MAX_HEADER_VALUE = 1_000

/** One request and its answer. A class, because undici calls it by these names and thousands a second are made. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly request: Dispatcher.DispatchOptions
  private readonly outgoing: Outgoing
  private readonly address: URL
  private readonly pool: Pool
  private readonly resolve: (answer: Answer) => void
  private readonly began = performance.now()
  private readonly keep_bytes: number
  private readonly timeout_ms: number
  private readonly timer: NodeJS.Timeout
  private phase: Phase = 'waiting'
  private status = 0
  private headers: Record<string, string> = {}
  private body = Buffer.alloc(0)
  private kept = 0
  private seen = 0

  constructor(outgoing: Outgoing, address: URL, pool: Pool, resolve: (answer: Answer) => void) {
    this.outgoing = outgoing
    this.address = address
    this.pool = pool
    this.resolve = resolve
    this.keep_bytes = outgoing.keep_bytes ?? KEEP_BYTES
    this.timeout_ms = outgoing.timeout_ms ?? TIMEOUT_MS
    this.timer = setTimeout(timeIsUp, this.timeout_ms, this)
    if (outgoing.signal) stoppedBy(outgoing.signal).add(this)
    this.request = {
      origin: address.origin,
      path: address.pathname + address.search,
      method: outgoing.method,
      headers: headersToSend(outgoing.headers),
      body: outgoing.body ?? null,
    }
  }

  /** It has a connection, or one is being opened for it. */
  connecting() {
    this.phase = 'connecting'
  }

  giveUp(failure: 'timeout' | 'aborted') {
    if (this.status > 0) this.settle(this.answer(true), false)
    else if (failure === 'aborted') this.fail('aborted', 'The request was stopped before an answer came.')
    else this.fail('timeout', explainTimeout(this.phase, this.address, this.timeout_ms))
  }

  onRequestStart() {
    this.phase = 'sent'
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>) {
    if (status < 200) return // early hints and the like: the answer is still to come
    this.status = status
    this.headers = headersToKeep(headers)
  }

  onResponseData(_: unknown, chunk: Buffer) {
    this.keep(chunk)
    this.seen += chunk.length
    if (this.seen > this.keep_bytes + SMALL_REST) this.settle(this.answer(true), false)
  }

  onResponseEnd() {
    this.settle(this.answer(this.seen > this.keep_bytes), true)
  }

  onResponseError(_: unknown, error: Error) {
    if (this.status > 0) return this.settle(this.answer(true), false)
    const { failure, message } = explain(error, this.phase, this.address)
    this.fail(failure, message)
  }

  // Copied into one buffer that grows: a receiver that sends single bytes costs no more than one that sends them together, and the
  // 64 KB in which the bytes arrived are not held by the few that are kept.
  private keep(chunk: Buffer) {
    const size = Math.min(this.kept + chunk.length, this.keep_bytes)
    if (size > this.body.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(size, 2 * this.body.length), this.keep_bytes))
      this.body.copy(larger, 0, 0, this.kept)
      this.body = larger
    }
    this.kept += chunk.copy(this.body, this.kept, 0, size - this.kept)
  }

  private answer(truncated: boolean): Answer {
    const { status, headers } = this
    return { ok: true, status, headers, body: this.body.subarray(0, this.kept), truncated, ms: this.elapsed() }
  }

  private fail(failure: Failure, message: string) {
    this.settle({ ok: false, failure, message, ms: this.elapsed() }, false)
  }

  private settle(answer: Answer, is_reusable: boolean) {
    if (this.phase === 'over') return
    this.phase = 'over'
    clearTimeout(this.timer)
    if (this.outgoing.signal) stoppedBy(this.outgoing.signal).delete(this)
    // Not before undici is done with the answer, but before whoever waits for it sends the next one.
    if (is_reusable) queueMicrotask(() => this.pool.end(this, true))
    else this.pool.end(this, false)
    this.resolve(answer)
  }

  private elapsed() {
    return Math.round(performance.now() - this.began)
  }
}

/** What a signal stops, with one listener for all of it: a worker's may be thousands. */
function stoppedBy(signal: AbortSignal): Set<Exchange> {
  const known = stopped_by.get(signal)
  if (known) return known
  const exchanges = new Set<Exchange>()
  stopped_by.set(signal, exchanges)
  signal.addEventListener('abort', () => {
    for (const exchange of exchanges) exchange.giveUp('aborted')
  })
  return exchanges
}

const stopped_by = new WeakMap<AbortSignal, Set<Exchange>>()

function timeIsUp(exchange: Exchange) {
  exchange.giveUp('timeout')
}

// They belong to the connection, or say what this client can read; whoever sets headers for a receiver does not know either.
const OURS = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te', 'trailer'],
  ...['proxy-connection', 'proxy-authorization', 'accept-encoding'],
])

function headersToSend(headers: Record<string, string>): string[] {
  const sent = ['accept-encoding', 'identity']
  for (const name in headers) if (!OURS.has(name.toLowerCase())) sent.push(name, headers[name]!)
  return sent
}

function headersToKeep(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const kept: Record<string, string> = {}
  let count = 0
  for (const name in headers) {
    if (name === 'set-cookie') continue
    if (++count > MAX_HEADERS) break
    kept[name] = String(headers[name]).slice(0, MAX_HEADER_VALUE)
  }
  return kept
}
