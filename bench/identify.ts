import { note, report } from './support/report.ts'
import type { Running } from './support/server.ts'
import { startServer } from './support/server.ts'

// Merges a visitor with a million events into a contact, and one with ten: `identify` through the front door, many times each.
const MANY = 1_000_000
const ROUNDS = 25

const server = await startServer()
await giveEvents(server, 'busy', MANY)
await giveEvents(server, 'quiet', 10)
note(`${MANY.toLocaleString('en')} events stored`)
for (let n = 0; n < 20; n++) await timeIdentify(`warm-${n}`, 'person')

const times: Record<'busy' | 'quiet', number[]> = { busy: [], quiet: [] }
for (let round = 0; round < ROUNDS; round++) {
  for (const kind of ['busy', 'quiet'] as const) {
    // A visitor can be merged once; so it is taken out again each time, which costs no event either.
    times[kind].push(await timeIdentify(`${kind}`, `user-${kind}-${round}`))
    await takeOut(kind)
  }
}
await server.stop()

const busy = median(times.busy)
const quiet = median(times.quiet)
report({
  name: 'identify',
  value: busy,
  unit: 'ms',
  reference: { what: 'the same with 10 events', value: quiet },
  ratio: busy / quiet,
  aim: 'at most 1.2',
  met: busy / quiet <= 1.2,
  events: MANY,
})

async function timeIdentify(anonymousId: string, userId: string): Promise<number> {
  const begun = performance.now()
  const answer = await fetch(`${server.url}/v1/identify`, {
    method: 'POST',
    body: JSON.stringify({
      writeKey: server.write_key,
      type: 'identify',
      anonymousId,
      userId,
      traits: { email: `${userId}@example.com` },
      messageId: crypto.randomUUID(),
    }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return performance.now() - begun
}

/** Rows as the pipeline would have stored them, put in by the server side of the database for speed. */
async function giveEvents({ database, workspace_id }: Running, distinct_id: string, count: number) {
  await timeIdentify(distinct_id, '')
  await database.system`select ensure_event_partitions(now() - interval '60 days', now())`
  await database.system`
    insert into events (workspace_id, visitor_id, occurred_at, event, message_id)
    select v.workspace_id, v.id, now() - n * interval '5 seconds', 'page_viewed', ${distinct_id} || n
      from visitors v, generate_series(1, ${count}) n
     where v.workspace_id = ${workspace_id} and v.distinct_id = ${distinct_id}`
  await database.system`
    update visitors set event_count = event_count + ${count} where workspace_id = ${workspace_id} and distinct_id = ${distinct_id}`
}

async function takeOut(distinct_id: string) {
  const { database, workspace_id } = server
  await database.system`
    update identity_links l
       set revoked_at = now()
      from visitors v
     where v.workspace_id = ${workspace_id} and v.distinct_id = ${distinct_id}
       and l.workspace_id = v.workspace_id and (l.visitor_id = v.id or l.other_visitor_id = v.id) and l.revoked_at is null`
  await database.system`
    update visitors set person_id = null, contact_id = null where workspace_id = ${workspace_id} and distinct_id = ${distinct_id}`
}

function median(values: number[]) {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}
