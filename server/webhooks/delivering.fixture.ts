import { setTimeout as sleep } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import { expect } from 'vitest'
import type { Attempt, EndpointCreate, EndpointCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { openReceiver, type Receiver } from '../../test/receiver.ts'
import type { Config } from '../config.ts'
import { openEgress } from '../egress/egress.ts'
import { deliver } from './deliver.ts'
import { newMessageId } from './message-id.ts'
import { CHANNEL, lockTurns } from './turns.ts'

const CIDRS = ['127.0.0.0/8']

export type Row = {
  id: number
  message_id: string
  state: string
  attempt: number
  attempts: number
  run_at: Date
  last_status: number | null
  last_error: string | null
  finished_at: Date | null
}

type Given = {
  database?: { url: string }
  config?: Config
  complain?: (details: { err?: unknown }) => void
  metrics?: Registry
}
export type Delivering = Awaited<ReturnType<typeof startDelivering>>

/** A server, a workspace, and as many processes that deliver as a test wants. */
export async function startDelivering() {
  const fresh: FreshApp = await freshApp({ config: { webhook_allowed_cidrs: CIDRS } })
  const system = fresh.database.system
  let tenant: Tenant = fresh
  const ends: (() => Promise<unknown>)[] = []

  return {
    fresh,
    system,
    /** Another workspace, so that tests share nothing. */
    async begin() {
      tenant = await fresh.another()
    },
    async end() {
      for (const end of ends.splice(0).reverse()) await end()
    },
    get workspace_id() {
      return tenant.workspace_id
    },
    onEnd: (end: () => Promise<unknown>) => void ends.push(end),

    async receiver(answer?: Receiver['answer']): Promise<Receiver> {
      const receiver = await openReceiver(answer)
      ends.push(receiver.close)
      return receiver
    },

    /** A process that delivers. Its complaints fail the test unless they are expected. */
    worker({ database = fresh.database, config = fresh.context.config, complain = expectNone, metrics }: Given = {}) {
      const egress = openEgress({ allowed_cidrs: CIDRS })
      const worker = deliver({ database, config, egress, metrics, log: { warn: complain } })
      let stopped: Promise<void> | undefined
      const stop = (patience_ms?: number) => {
        stopped ??= worker.stop(patience_ms).then(() => egress.close())
        return stopped
      }
      ends.push(() => stop(0))
      return { stop }
    },

    async ask<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object): Promise<T> {
      const headers = bearer(tenant.secret_key)
      const answer = await fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
      expect(answer.statusCode, answer.body).toBeLessThan(300)
      return (answer.body ? answer.json() : undefined) as T
    },
    endpoint(url: string, given: Partial<EndpointCreate> = {}) {
      return this.ask<EndpointCreated>('POST', '/endpoints', { url, events: ['*'], ...given })
    },

    /** What the tellers do: so many messages, and a delivery of each. Returns the ids of the messages. */
    async queue(endpoint_id: number, count = 1): Promise<string[]> {
      const ids = Array.from({ length: count }, () => newMessageId())
      const { workspace_id } = tenant
      await system.begin(async sql => {
        await lockTurns(sql, [{ workspace_id, endpoint_id }])
        await sql`
          insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
          select ${workspace_id}, id, 'event ' || id, 'registration',
                 '{"event":"registration","contact":null,"data":{"n":' || n || '},"timestamp":"2026-01-02T03:04:05.678Z"}', now()
            from unnest(${ids}::text[]) with ordinality as m (id, n)`
        await sql`
          insert into deliveries (workspace_id, endpoint_id, message_id, state)
          select ${workspace_id}, ${endpoint_id}, id, 'queued' from unnest(${ids}::text[]) as m (id)`
        await sql`
          update endpoint_turns set due_at = least(due_at, now())
           where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}`
        await sql`select pg_notify(${CHANNEL}, '')`
      })
      return ids
    },

    deliveries: (endpoint_id: number) => system<Row[]>`select * from deliveries where endpoint_id = ${endpoint_id} order by id`,
    async delivery(endpoint_id: number): Promise<Row> {
      const [row, ...others] = await this.deliveries(endpoint_id)
      expect(others).toEqual([])
      return row!
    },
    attempts: (endpoint_id: number) =>
      system<(Omit<Attempt, 'at'> & { at: Date; delivery_id: number })[]>`
        select * from delivery_attempts where endpoint_id = ${endpoint_id} order by id`,
    async turn(endpoint_id: number) {
      const [row] = await system`select * from endpoint_turns where endpoint_id = ${endpoint_id}`
      return row!
    },
    /** How many deliveries are in which state. */
    async count(endpoint_id: number): Promise<Record<string, number>> {
      const rows = await system<{ state: string; count: number }[]>`
        select state, count(*)::int as count from deliveries where endpoint_id = ${endpoint_id} group by state`
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
    },
    /** Waits until all deliveries are in this state. */
    async all(endpoint_id: number, state: string, ms?: number) {
      await until(async () => {
        const count = await this.count(endpoint_id)
        return Object.keys(count).every(each => each === state) && (count[state] ?? 0) > 0
      }, ms)
    },
    /** Waits until nobody has the turn. */
    async given_back(endpoint_id: number) {
      await until(async () => (await this.turn(endpoint_id)).lease_token === null)
    },
  }
}

/** Patient by default: it says that something never happens, not how fast it does. */
export async function until(condition: () => unknown, ms = 30_000) {
  for (const from = Date.now(); !(await condition()); await sleep(10))
    if (Date.now() - from > ms) expect.fail(`It did not come about within ${ms} ms: ${condition}`)
}

function expectNone(details: { err?: unknown }) {
  throw details.err
}
