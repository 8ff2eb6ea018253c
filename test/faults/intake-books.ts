import { expect } from 'vitest'
import type { Database } from '../../server/database/connect.ts'
import { rebuildAll } from '../../server/rebuild.ts'
import type { Answer } from './clients.ts'
import type { Delivery } from './senders.ts'

/** How many are stored and not made into leads yet: the sweep takes them up. */
export async function waitingOf({ system }: Database): Promise<number> {
  const [row] = await system<[{ waiting: number }]>`
    select count(*)::int as waiting from intake_deliveries where state = 'received'`
  return row.waiting
}

/**
 * Compares what sellers were told with what is stored: each request is there once, became what its seller was told, and whatever is
 * counted agrees with the leads.
 */
export async function auditIntake(database: Database, workspace_id: number, told: Map<Delivery, Answer>) {
  const { system } = database
  const rows = await system<Stored[]>`
    select d.delivery_key, convert_from(d.body, 'UTF8') as body, d.state, d.reason, d.lead_id, d.contact_id, d.parts, w.webhook_id
      from intake_deliveries d
      join intake_webhooks w on w.workspace_id = d.workspace_id and w.id = d.webhook_id
     where d.workspace_id = ${workspace_id}`
  const stored = new Map(rows.map(row => [row.delivery_key, row]))
  const books = {
    requests: told.size,
    lost: [...told.keys()].filter(({ key }) => !stored.has(`request ${key}`)).length,
    'stored twice': rows.length - stored.size,
    unknown: stored.size - told.size,
  }
  expect(books).toMatchObject({ lost: 0, 'stored twice': 0, unknown: 0 })
  for (const [sent, answer] of told) expectAsTold(sent, answer, stored.get(`request ${sent.key}`)!)
  for (const [sentence, query] of AGREEMENTS) {
    const [wrong] = await system.unsafe<{ rows: number }[]>(`select count(*)::int as rows from (${query}) wrong`, [workspace_id])
    expect({ sentence, wrong: wrong!.rows }).toEqual({ sentence, wrong: 0 })
  }
  const wrong = await rebuildAll(database, { workspace_id })
  expect(wrong).toEqual(Object.fromEntries(Object.keys(wrong).map(kind => [kind, 0])))
  const [made] = await system<[{ leads: number; contacts: number }]>`
    select (select count(*)::int from leads where workspace_id = ${workspace_id}) as leads,
           (select count(*)::int from contacts where workspace_id = ${workspace_id}) as contacts`
  return { ...books, ...made }
}

type Stored = {
  delivery_key: string
  body: string
  state: string
  reason: string | null
  lead_id: number | null
  contact_id: number | null
  parts: number
  webhook_id: string
}

function expectAsTold(sent: Delivery, { status, text }: Answer, { state, reason, lead_id, contact_id, ...stored }: Stored) {
  expect({ path: `/intake/${stored.webhook_id}`, body: stored.body, leads: stored.parts }).toEqual({
    path: sent.path,
    body: sent.body,
    leads: sent.leads,
  })
  expect(['accepted', 'duplicate', 'refused']).toContain(state)
  const said = JSON.parse(text) as { outcome: string; reason?: string; lead_id?: number; contact_id?: number }
  if (status === 202) return // it was told that it is stored, and it is
  const now = state === 'accepted' ? { outcome: 'success', lead_id, contact_id } : { outcome: 'failure', reason }
  expect({ key: sent.key, status, ...said }).toMatchObject({ key: sent.key, status: state === 'accepted' ? 201 : 200, ...now })
}

const ACCEPTED = `
  select d.id, case when d.results is null then (d.state = 'accepted')::int
                    else (select count(*) from jsonb_array_elements(d.results) p where p->>'state' = 'accepted') end as accepted
    from intake_deliveries d
   where d.workspace_id = $1`

/** What must hold, and a query for the rows that break it. */
const AGREEMENTS = [
  ['nothing waits for ever', `select from intake_deliveries where workspace_id = $1 and state in ('received', 'fetching')`],
  [
    'a delivery became as many leads as it says',
    `select from (${ACCEPTED}) d where d.accepted <> (select count(*) from leads l where l.workspace_id = $1 and l.delivery_id = d.id)`,
  ],
  [
    'every lead has the delivery that it came with',
    `select from leads l
      where l.workspace_id = $1
        and not exists (select from intake_deliveries d where d.workspace_id = $1 and d.id = l.delivery_id and d.webhook_id = l.webhook_id)`,
  ],
  [
    'every lead was told once, and nothing was told of a lead that is not there',
    `select from leads l
       full join (select subject_id, contact_id, count(*) as times from activities
                   where workspace_id = $1 and action = 'lead.created' group by 1, 2) a
              on a.subject_id = l.id::text and a.contact_id = l.contact_id and l.workspace_id = $1
      where coalesce(l.workspace_id, $1) = $1 and (a.times is distinct from 1 or l.id is null)`,
  ],
  [
    'whoever has a lead was given it once',
    `select from leads l
       full join (select subject_id, (after->>'assigned_to')::int as user_id, count(*) as times from activities
                   where workspace_id = $1 and action = 'lead.assigned' group by 1, 2) a
              on a.subject_id = l.id::text and a.user_id = l.assigned_to and l.workspace_id = $1
      where coalesce(l.workspace_id, $1) = $1 and (a.times is distinct from 1 or l.id is null)`,
  ],
  [
    'turns are counted as leads were given',
    `select from assignment_members m
      where m.workspace_id = $1 and m.assigned <> (select count(*) from leads l where l.workspace_id = $1 and l.assigned_to = m.user_id)`,
  ],
  [
    'one person is one contact',
    `select from (select email as value from contacts where workspace_id = $1
                   union all select phone from contacts where workspace_id = $1) c
      where c.value is not null group by c.value having count(*) > 1`,
  ],
  [
    'every contact has a lead',
    `select from contacts c
      where c.workspace_id = $1 and not exists (select from leads l where l.workspace_id = $1 and l.contact_id = c.id)`,
  ],
  [
    'a webhook that takes nobody twice has nobody twice',
    `select from leads l
       join intake_webhooks w on w.workspace_id = $1 and w.id = l.webhook_id and w.dedupe_hours > 0
      where l.workspace_id = $1 group by l.webhook_id, l.contact_id having count(*) > 1`,
  ],
  [
    'a cap counts what it let through, and lets no more through',
    `select from intake_webhooks w
       left join intake_counters c on c.workspace_id = $1 and c.scope = 'webhook ' || w.id || ' month'
      where w.workspace_id = $1 and w.cap_month is not null
      group by w.id, w.cap_month
     having max(c.count) is null or max(c.count) > w.cap_month
         or sum(c.count) <> (select count(*) from leads l where l.workspace_id = $1 and l.webhook_id = w.id)`,
  ],
  [
    'what was used is what came and what was made',
    `select from (select webhook_id, sum(received) as received, sum(accepted) as accepted, sum(accepted + duplicates + refused) as all_parts
                    from provider_usage where workspace_id = $1 group by 1) u
       full join (select webhook_id, sum(parts) as parts from intake_deliveries where workspace_id = $1 group by 1) d using (webhook_id)
      where u.received is distinct from d.parts or u.all_parts is distinct from d.parts
         or u.accepted <> (select count(*) from leads l where l.workspace_id = $1 and l.webhook_id = d.webhook_id)`,
  ],
] as const
