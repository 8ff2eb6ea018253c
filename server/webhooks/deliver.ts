import { randomUUID } from 'node:crypto'
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import type { Config } from '../config.ts'
import { type Database, open } from '../database/connect.ts'
import type { Egress } from '../egress/egress.ts'
import { makeBell } from '../queue/bell.ts'
import { secretFor } from '../secrets.ts'
import { giveUpOn } from './give-up.ts'
import { type Claimed, claimTurns, LEASE_MS, RENEW_MS, releaseTurns, renewTurns, untilDue } from './lease.ts'
import { openLedger } from './ledger.ts'
import { measureAttempts } from './metrics.ts'
import { allowedBy, nextOf, openOrigins } from './origins.ts'
import { withhold } from './purposes.ts'
import { type PageRead, type Ready, readReady } from './ready.ts'
import { attemptOf, resultOf } from './result.ts'
import { type Made, settle } from './settle.ts'
import { openTarget, type TargetRow } from './target.ts'
import { admit, learn, makeTurn, pageSize, rest, type Turn } from './turn.ts'
import { CHANNEL, keyOf } from './turns.ts'

// Why one file: the state of a worker (its turns, what is in flight, what is not yet written) is what all of this is about. What can be
// decided without it stands beside: turn.ts, lease.ts, ready.ts, result.ts, ledger.ts.

/** Endpoints at a time in this process, and how many of them may be such whose last attempt failed. */
const MOST_TURNS = 500
const MOST_UNWELL = 400
/** Requests at a time, but for the one that every endpoint may have. */
const MOST_REQUESTS = 1_024
/** When others wait for a place, a turn is over after so long. */
const SLICE_MS = 2_000
/** How long a turn is kept that has nothing to do: under a steady trickle it need not be taken anew for each delivery. While others
 * wait for its place it is given back at once. */
const LINGER_MS = 500
/** A turn whose rate limit lets nothing through for longer than this is given back until then. */
const HOLD_MS = 1_000
/** How often pages are read from the beginning again: what committed late, or was put back, stands before the last one. It brings
 * what is open once more, so the more that is, the seldomer. */
const SWEEP_MS = 1_000
const SWEPT_EASILY = 256
/** Of payloads that one reading brings, for all endpoints together and at least for each. */
const MOST_BYTES = 32 * 1024 * 1024
const LEAST_BYTES = 256 * 1024
const TICK_MS = 50
/** How long requests that are under way may take when the server stops. */
const PATIENCE_MS = 8_000

type Means = {
  database: Pick<Database, 'url' | 'sealer'>
  config: Config
  egress: Egress
  metrics?: Registry | undefined
  log: Log
}
type Log = { warn(details: object, sentence: string): void }

/** Delivers what is due until it is stopped: woken by the commit that queued it, by its time, and each second in any case. */
export function deliver({ database, config, egress, metrics, log }: Means) {
  const sql = open(byIndex(database.url), 'throughline_system', 4, database.sealer)
  const key = secretFor(config, 'webhooks')
  const token = randomUUID()
  const measure = metrics && measureAttempts(metrics)
  const turns = new Map<string, Turn>()
  const origins = openOrigins()
  /** Deliveries that are read and whose result is not written: never begun a second time by this process. */
  const known = new Set<number>()
  /** Of these, whose result was written while a page was read: that page may show them as they were before. */
  const written_meanwhile = new Set<number>()
  const ledger = openLedger(write, complain)
  const bell = makeBell()
  const abort = new AbortController()
  let in_flight = 0
  let stopping = false
  let reading: Promise<void> | undefined
  let page_under_way = false
  /** Endpoints wait for a place here. */
  let crowded = false
  let complained_at = Number.NEGATIVE_INFINITY

  const listening = attempt(() => sql.listen(CHANNEL, hear, bell.ring))
  const ticking = setInterval(tick, TICK_MS)
  const renewing = setInterval(() => void attempt(() => renew([...turns.values()])), RENEW_MS)
  const claiming = keepClaiming()
  return { stop }

  async function keepClaiming() {
    while (!stopping) {
      const slept = await attempt(claim)
      if (!stopping) await bell.wait(slept ?? 1_000)
    }
  }

  /** Takes turns that are due and lets those that are here look again. Returns how many milliseconds there is nothing to claim. */
  async function claim(): Promise<number> {
    for (const turn of turns.values()) lookAgain(turn)
    const held = [...turns.values()]
    const limit = MOST_TURNS - held.length
    const unwell_limit = Math.max(0, MOST_UNWELL - held.filter(turn => turn.unwell).length)
    const asked = performance.now()
    const claimed = limit > 0 ? await claimTurns(sql, { token, held, limit, unwell_limit }) : []
    for (const row of claimed) begin(row, asked + LEASE_MS)
    const ms = await untilDue(sql)
    crowded = ms <= 0 && turns.size >= MOST_TURNS
    if (ms > 0) return ms
    if (limit <= 0 || unwell_limit === 0) for (const turn of held) if (asked - turn.since > SLICE_MS) end(turn)
    return TICK_MS
  }

  function begin(claimed: Claimed, lease_ends: number) {
    const turn = makeTurn(claimed, openTarget(key, claimed), origins.of(claimed.url), performance.now(), lease_ends)
    turns.set(keyOf(turn), turn)
    turn.origin.turns.add(turn)
    pump(turn)
  }

  function lookAgain(turn: Turn) {
    turn.more = true
    pump(turn)
  }

  /** Begins what may begin, and reads on when little is left. */
  function pump(turn: Turn) {
    while (!stopping && !ledger.is_full) {
      const wait = admit(turn, performance.now(), Math.min(places(), allowedBy(turn.origin)))
      if (wait === 0) {
        void carry(turn, turn.ready.shift()!)
        continue
      }
      if (wait !== null && wait > HOLD_MS) end(turn)
      else if (wait !== null) pumpAfter(turn, wait)
      break
    }
    if (turn.more && !turn.reading && !turn.ending && turn.ready.length * 2 < pageSize(turn, turns.size)) {
      turn.reading = true
      reading ??= keepReading()
    }
  }

  /** Each may have an eighth of what is free in this process and one more, so none can take it all, and each has one. */
  function places() {
    return 1 + Math.floor(Math.max(MOST_REQUESTS - in_flight, 0) / 8)
  }

  function pumpAfter(turn: Turn, ms: number) {
    if (turn.timer) return
    turn.timer = setTimeout(() => {
      turn.timer = undefined
      pump(turn)
    }, ms)
  }

  /** One reading at a time, for all turns that want one. */
  async function keepReading() {
    for (;;) {
      await immediately()
      const wanting = [...turns.values()].filter(turn => turn.reading && !turn.ending)
      if (wanting.length === 0 || stopping) break
      try {
        await read(wanting)
      } catch (error) {
        complain(error)
        await sleep(500)
      }
    }
    reading = undefined
  }

  async function read(wanting: Turn[]) {
    const now = performance.now()
    const wishes = wanting.map(turn => {
      turn.more = false
      const sweep_ms = SWEEP_MS * Math.max(1, turn.open / SWEPT_EASILY)
      if (now - turn.read_from_start_at > sweep_ms) Object.assign(turn, { after: null, read_from_start_at: now })
      const { workspace_id, endpoint_id, after } = turn
      return { workspace_id, endpoint_id, after, limit: pageSize(turn, turns.size) + (after === null ? turn.open : 0) }
    })
    page_under_way = true
    try {
      const pages = await readReady(sql, wishes, Math.max(LEAST_BYTES, Math.floor(MOST_BYTES / wanting.length)))
      for (const [k, turn] of wanting.entries()) take(turn, pages[k]!)
    } finally {
      page_under_way = false
      for (const id of written_meanwhile) known.delete(id)
      written_meanwhile.clear()
    }
  }

  function take(turn: Turn, { ready, last, is_full }: PageRead) {
    turn.reading = false
    if (turn.ending) return
    const fresh = ready.filter(({ id }) => !known.has(id))
    for (const { id } of fresh) known.add(id)
    turn.ready.push(...fresh)
    turn.open += fresh.length
    turn.after = last ?? turn.after
    turn.more ||= is_full
    pump(turn)
  }

  async function carry(turn: Turn, ready: Ready) {
    const { origin } = turn
    in_flight++
    origin.in_flight++
    turn.in_flight++
    const withheld = turn.target.purpose === null ? null : await withhold(sql, turn, ready)
    const attempt = withheld ?? (await attemptOf(egress, turn.target, ready, abort.signal))
    in_flight--
    origin.in_flight--
    turn.in_flight--
    const was_stopped = attempt.status === null && abort.signal.aborted
    measure?.(attempt, was_stopped ? 'stopped' : attempt.verdict, ready)
    if (attempt.verdict !== 'withheld') learn(turn, attempt.ok)
    if (attempt.retry_after !== null) rest(turn, attempt.retry_after, performance.now())
    ledger.add(resultOf(turn, token, ready, attempt, was_stopped), () => {
      if (page_under_way) written_meanwhile.add(ready.id)
      else known.delete(ready.id)
      turn.open--
      pump(turn)
    })
    if (attempt.verdict === 'gone') end(turn)
    pump(turn)
    for (const next of nextOf(origin)) pump(next)
    origins.forgetUnused(origin)
  }

  async function write(made: Made[]) {
    const { failing, lost } = await sql.begin(tx => settle(tx, made))
    // Nothing more is sent in a turn that somebody else has, not even until it would have been renewed.
    for (const place of lost) lose(turns.get(keyOf(place)))
    await attempt(() => giveUpOn(sql, made, failing))
  }

  function tick() {
    const now = performance.now()
    const over: Turn[] = []
    for (const turn of turns.values()) {
      if (turn.releasing) continue
      pump(turn) // places may have become free
      const is_idle = turn.open === 0 && !turn.more && !turn.reading
      turn.idle_since = is_idle ? (turn.idle_since ?? now) : null
      if (turn.open === 0 && (turn.ending || (turn.idle_since !== null && now - turn.idle_since >= (crowded ? 0 : LINGER_MS))))
        over.push(turn)
    }
    if (over.length > 0 && !stopping) void attempt(() => release(over))
  }

  async function release(over: Turn[]) {
    for (const turn of over) Object.assign(turn, { ending: true, releasing: true })
    try {
      const now = performance.now()
      const rates = over.map(({ target, rate }) => (target.rate_limit === null && rate.next <= now ? null : rate.next - now))
      const is_due = await releaseTurns(
        sql,
        token,
        over.map(({ workspace_id, endpoint_id }, k) => ({ workspace_id, endpoint_id, rate_ms: rates[k]! })),
      )
      for (const turn of over) forget(turn)
      if (is_due) bell.ring()
    } finally {
      for (const turn of over) turn.releasing = false
    }
  }

  /** Nothing more is begun. When all that was begun is written, the turn is given back. */
  function end(turn: Turn) {
    turn.ending = true
    for (const { id } of turn.ready) known.delete(id)
    turn.open -= turn.ready.length
    turn.ready = []
  }

  function forget(turn: Turn) {
    if (turns.get(keyOf(turn)) === turn) turns.delete(keyOf(turn))
    leave(turn)
  }

  async function renew(held: Turn[]) {
    if (held.length === 0) return
    const asked = performance.now()
    const rows = new Map((await renewTurns(sql, token, held)).map(row => [keyOf(row), row]))
    for (const turn of held) {
      const row = rows.get(keyOf(turn))
      if (row) keep(turn, row, asked + LEASE_MS)
      else lose(turn)
    }
  }

  /** It is another one's now. */
  function lose(turn: Turn | undefined) {
    if (!turn) return
    end(turn)
    forget(turn)
  }

  function keep(turn: Turn, row: TargetRow, lease_ends: number) {
    turn.lease_ends = lease_ends
    turn.target = openTarget(key, row)
    move(turn)
    if (!turn.target.sends) end(turn)
    pump(turn)
  }

  function move(turn: Turn) {
    const origin = origins.of(turn.target.url)
    if (origin === turn.origin) return
    leave(turn)
    turn.origin = origin
    origin.turns.add(turn)
  }

  function leave(turn: Turn) {
    turn.origin.turns.delete(turn)
    origins.forgetUnused(turn.origin)
  }

  function hear(named: string) {
    const turn = turns.get(named)
    if (turn) void attempt(() => renew([turn]))
    bell.ring()
  }

  /** Begins nothing more, waits for what is under way, and gives all turns back: another process goes on at once. */
  async function stop(patience_ms = PATIENCE_MS) {
    stopping = true
    bell.ring()
    await claiming
    for (const turn of turns.values()) end(turn)
    await landing(patience_ms)
    abort.abort()
    await landing(1_000)
    await ledger.drain(1_000)
    clearInterval(ticking)
    clearInterval(renewing)
    await reading
    const held = [...turns.values()]
    if (held.length > 0) await Promise.race([attempt(() => release(held)), sleep(1_000, undefined, { ref: false })])
    await attempt(async () => (await listening)?.unlisten())
    await sql.end({ timeout: 1 })
  }

  async function landing(patience_ms: number) {
    const until = performance.now() + patience_ms
    while (in_flight > 0 && performance.now() < until) await sleep(10)
  }

  /** The database may go away and come back; the worker stays. */
  async function attempt<T>(verb: () => Promise<T>): Promise<T | undefined> {
    try {
      return await verb()
    } catch (error) {
      complain(error)
      return undefined
    }
  }

  function complain(error: unknown) {
    if (performance.now() - complained_at < 5_000) return
    complained_at = performance.now()
    log.warn({ err: error }, 'Webhooks could not reach the database; nothing is lost, and it is tried again.')
  }
}

/**
 * Everything that a worker asks for is a few rows by an index. The planner does not know that while a table is new and its statistics
 * are old, and what it plans then is kept; so on these connections it is told.
 */
function byIndex(url: string): string {
  const ways = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map(way => `enable_${way}=off`)
  return `${url}${url.includes('?') ? '&' : '?'}${[...ways, 'jit=off'].join('&')}`
}
