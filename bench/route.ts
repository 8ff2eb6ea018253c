import type postgres from 'postgres'
import { findRules } from '../server/appointments/routing/find-rules.ts'
import { type Inputs, readInputs } from '../server/appointments/routing/inputs.ts'
import { open } from '../server/database/connect.ts'
import { inWorkspace } from '../server/database/transaction.ts'
import { openWorkspace } from './support/ask.ts'
import { note, report } from './support/report.ts'
import { allZips, comesIn, sheetOf } from './support/routing.ts'
import { startServer } from './support/server.ts'

// Which of 10,000 rules an appointment is for, beside the one look-up by key that any such question rests on; the same with 100 rules;
// and what a whole booking costs with rules and with a person who was named. Five lists of 100,000 ZIP codes in each workspace.
const MANY = 10_000
const FEW = 100
const SECONDS = 20

const server = await startServer()
const few = await openRules(FEW)
const many = await openRules(MANY)

const times = { few: [] as number[], many: [] as number[], plain: [] as number[], routed: [] as number[], named: [] as number[] }
for (let k = 0; k < 30; k++) await round(k) // plans are made, pages are in memory
for (const each of Object.values(times)) each.length = 0
for (let k = 30, until = performance.now() + SECONDS * 1000; performance.now() < until || k < 130; k++) await round(k)

const begun = performance.now()
const trial = await many.ask<{ appointments: number }>('/routing-rules/dry-run', {})
const dry_run_ms = performance.now() - begun
await server.stop()

const [value, reference] = [median(times.many), median(times.plain)]
report({
  name: 'route',
  value,
  unit: 'ms',
  reference: { what: 'one look-up of a rule by a key, in a transaction of its own too', value: reference },
  ratio: value / reference,
  aim: 'at most 6 times (it asks for lists, for conditions that are in use, and for rules), and at most 1.5 times that with 100 rules',
  met: value / reference <= 6 && value / median(times.few) <= 1.5,
  rules: MANY,
  with_100_rules_ms: median(times.few),
  growth: value / median(times.few),
  booked_by_rules_ms: median(times.routed),
  booked_for_somebody_named_ms: median(times.named),
  upload_of_10000_rules_s: many.upload_s,
  upload_of_100000_zips_s: many.list_s,
  dry_run: `${trial.appointments} appointments in ${Math.round(dry_run_ms)} ms`,
  rounds: times.many.length,
})

async function round(k: number) {
  // Whoever comes second has the warmer machine, so they take turns.
  const order = k % 2 === 0 ? ([few, many] as const) : ([many, few] as const)
  for (const house of order)
    times[house.name].push(await clock(house, sql => findRules(sql, house.workspace_id, [house.inputs[k % 500]!])))
  times.plain.push(await clock(many, sql => plainLookUp(sql, many.workspace_id, k)))
  const customer = { ...comesIn(k), email: `customer-${k}@example.com` }
  times.routed.push(await timed(() => many.ask('/appointments', customer)))
  const somebody = { assigned_to: many.user_ids[k % many.user_ids.length], allow_overlap: true }
  times.named.push(await timed(() => many.ask('/appointments', { ...customer, ...somebody, email: `named-${k}@example.com` })))
}

type House = Awaited<ReturnType<typeof openRules>>

async function openRules(count: number) {
  const { workspace_id, user_ids, ask } = await openWorkspace(server, 10)
  await workAlways(workspace_id, user_ids)
  const members = user_ids.map(user_id => ({ user_id }))
  const pools: number[] = []
  for (let k = 0; k < 20; k++)
    pools.push((await ask<{ id: number }>('/pools', { name: `Pool ${k}`, strategy: 'weighted', members })).id)
  const lists: number[] = []
  const begun = performance.now()
  for (let k = 0; k < 5; k++) {
    const entries = allZips().split('\n')
    lists.push((await ask<{ id: number }>('/area-lists', { name: `Area ${k}`, kind: 'zip', entries })).id)
  }
  const list_s = (performance.now() - begun) / 5000
  const from = performance.now()
  const uploaded = await ask<{ made: number }>('/routing-rules/upload', { csv: sheetOf(count, { pools, lists }) })
  const upload_s = (performance.now() - from) / 1000
  if (uploaded.made !== count) throw new Error(`made ${uploaded.made} of ${count} rules`)
  await analyze()
  const inputs = await inWorkspace(server.database, workspace_id, sql => readAll(sql, workspace_id))
  note(`${count.toLocaleString('en')} rules stored in ${upload_s.toFixed(1)} s`)
  const name = count === MANY ? ('many' as const) : ('few' as const)
  return { name, workspace_id, user_ids, ask, inputs, list_s, upload_s }
}

/** As the database does by itself a minute later; only the owner of the tables may. */
async function analyze() {
  const owner = open(server.database.url)
  await owner.unsafe('vacuum analyze routing_rules, routing_rule_keys, area_list_entries')
  await owner.end()
}

async function workAlways(workspace_id: number, user_ids: number[]) {
  const { system } = server.database
  await system`
    insert into staff (workspace_id, user_id, time_zone) select ${workspace_id}, id, 'America/New_York' from unnest(${user_ids}::int[]) as id`
  await system`
    insert into staff_hours (workspace_id, user_id, weekday, opens, closes)
    select ${workspace_id}, id, weekday, '00:00', '24:00' from unnest(${user_ids}::int[]) as id, generate_series(1, 7) as weekday`
}

function readAll(sql: postgres.TransactionSql, workspace_id: number): Promise<Inputs[]> {
  const all = Array.from({ length: 500 }, (_, k) => comesIn(k))
  return readInputs(
    sql,
    workspace_id,
    all.map(each => ({
      ...each,
      workspace_id,
      appointment_id: null,
      contact_id: null,
      lead_id: null,
      type: 'consultation',
      duration_minutes: 60,
    })),
  )
}

function plainLookUp(sql: postgres.TransactionSql, workspace_id: number, k: number) {
  return sql`
    select r.id, r.target
      from routing_rule_keys y
      join routing_rules r on r.workspace_id = y.workspace_id and r.id = y.rule_id
     where y.workspace_id = ${workspace_id} and y.dimension = 'zips' and y.value = ${comesIn(k).zip_code}
     order by y.rank
     limit 1`
}

function clock({ workspace_id }: House, work: (sql: postgres.TransactionSql) => Promise<unknown>) {
  return timed(() => inWorkspace(server.database, workspace_id, work))
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function median(values: number[]) {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}
