import type { Database } from '../../server/database/connect.ts'
import { seal } from '../../server/secrets.ts'
import { newMessageId } from '../../server/webhooks/message-id.ts'
import { newSecret } from '../../server/webhooks/sign.ts'

type Place = { workspace_id: number; url: string; key: Buffer; event: string }

/** So many endpoints at one address that want to hear of an event, as if each had been made by hand. Returns their ids. */
export async function makeEndpoints(
  { system }: Database,
  { workspace_id, url, key, event }: Place,
  count: number,
): Promise<number[]> {
  return system.begin(async sql => {
    const rows = await sql<{ id: number }[]>`
      insert into endpoints (workspace_id, name, url, events)
      select ${workspace_id}, 'bench', ${url}, ${[event]} from generate_series(1, ${count}) returning id`
    const ids = rows.map(({ id }) => id)
    const secrets = ids.map(id => seal(key, newSecret(), `endpoint_secrets ${workspace_id} ${id}`))
    await sql`insert into endpoint_turns (workspace_id, endpoint_id) select ${workspace_id}, id from unnest(${ids}::int[]) as e (id)`
    await sql`
      insert into endpoint_secrets (workspace_id, endpoint_id, secret)
      select ${workspace_id}, id, secret from unnest(${ids}::int[], ${secrets}::text[]) as s (id, secret)`
    return ids
  }) as Promise<number[]>
}

/** What telling leaves behind: messages, and a delivery of each to the endpoints in turn. Returns the bodies. */
export async function queue({ system }: Database, workspace_id: number, endpoints: number[], count: number): Promise<string[]> {
  const bodies = Array.from({ length: count }, (_, n) => bodyOf(n))
  await system.begin(async sql => {
    const ids = bodies.map(() => newMessageId())
    await sql`
      insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
      select ${workspace_id}, id, 'event ' || id, 'demo_requested', body, now()
        from unnest(${ids}::text[], ${bodies}::text[]) as m (id, body)`
    await sql`
      insert into deliveries (workspace_id, endpoint_id, message_id, state)
      select ${workspace_id}, endpoint_id, id, 'queued'
        from unnest(${ids}::text[], ${ids.map((_, n) => endpoints[n % endpoints.length]!)}::int[]) as d (id, endpoint_id)`
    await sql`
      update endpoint_turns set due_at = now() where workspace_id = ${workspace_id} and endpoint_id = any(${endpoints}::int[])`
    await sql`select pg_notify('throughline_webhooks', '')`
  })
  return bodies
}

/** Some 1,200 bytes, as a form that somebody sent in becomes. */
function bodyOf(n: number): string {
  const contact = {
    ...{ id: 400_000 + n, email: `person${n}@example.com`, first_name: 'Sarah', last_name: 'Johnson', phone: '+12025550102' },
    ...{
      user_id: null,
      name: 'Sarah Johnson',
      stage: 'engaged',
      segment: 'hot',
      watch_percentage: 75,
      owner_id: null,
      country_code: 'US',
    },
    ...{
      utm_source: 'newsletter',
      utm_medium: 'email',
      utm_campaign: 'spring',
      utm_term: null,
      utm_content: null,
      referral_code: null,
    },
    properties: { company: 'Rye & Ember', size: 12, note: 'x'.repeat(300) },
  }
  const data = {
    ...{ email: `person${n}@example.com`, event_id: n, message_id: `message-${n}`, distinct_id: `anonymous-${n}` },
    ...{ stage: 'engaged', segment: 'hot', url: 'https://shop.example/lessons/7', answer: 'y'.repeat(200) },
  }
  return JSON.stringify({ event: 'demo_requested', contact, data, timestamp: new Date().toISOString() })
}
