import type postgres from 'postgres'
import { recordActivities } from '../activities/record.ts'
import { foldContacts } from '../contacts/fold.ts'
import { type Contact, contactIdOf, personOf, rootNow, type Visitor, type World } from './world.ts'

/** Puts back what a batch changed about people: a constant number of statements, each over all workspaces at once. */
export function* writeWorlds(sql: postgres.TransactionSql, worlds: World[]): Iterable<Promise<unknown>> {
  // Contacts first (visitors refer to them), then visitors, then what refers to both.
  yield* writeContacts(sql, worlds)
  yield* writeVisitors(sql, worlds)
  yield* moveVisitors(sql, worlds.flatMap(movedPeople))
  yield* tellOtherwiseBrought(sql, worlds.flatMap(otherwiseBrought))
  yield* writeLinks(sql, worlds)
  yield* writeSuggestions(sql, worlds)
  for (const world of worlds) yield* writeActivities(sql, world)
  yield* fold(sql, worlds.flatMap(touchedContacts))
}

const BY_EVENT = { kind: 'event' }
const BY_EVENT_JSON = JSON.stringify(BY_EVENT)

function writeContacts(sql: postgres.TransactionSql, worlds: World[]) {
  const rows: (Pick<Contact, 'id' | 'email' | 'phone' | 'is_new'> & { workspace_id: number })[] = []
  const keys: { workspace_id: number; kind: string; value: string; contact_id: number }[] = []
  const issued: { id: number; contacts_issued: number }[] = []
  for (const world of worlds) {
    const { workspace_id } = world
    let created = 0
    for (const { id, email, phone, is_new, changed } of world.contacts.values()) {
      if (changed) rows.push({ workspace_id, id, email, phone, is_new })
      if (is_new) created++
    }
    for (const key of world.new_keys) keys.push({ workspace_id, ...key })
    if (created > 0) issued.push({ id: workspace_id, contacts_issued: world.contacts_issued })
  }
  if (rows.length === 0 && keys.length === 0) return []
  return [
    sql`
      insert into contacts (workspace_id, id, email, phone)
      select workspace_id, id, email, phone
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as c(workspace_id int, id int, email text, phone text)
      on conflict (workspace_id, id) do update set email = excluded.email, phone = excluded.phone, updated_at = now()`.execute(),
    sql`
      insert into contact_keys (workspace_id, kind, value, contact_id)
      select workspace_id, kind, value, contact_id
        from jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb) as k(workspace_id int, kind text, value text, contact_id int)
      on conflict do nothing`.execute(),
    sql`
      update workspaces w
         set contacts_issued = i.contacts_issued
        from jsonb_to_recordset(${JSON.stringify(issued)}::text::jsonb) as i(id int, contacts_issued bigint)
       where w.id = i.id`.execute(),
  ]
}

type Written = { workspace_id: number; visitor: Visitor; person_id?: number | null; contact_id?: number | null }

/**
 * Everything of a visitor was read under the lock, so what is written is the sum and not an increment. Most visitors of a batch
 * only did something more: a few numbers, a quarter of the cost of a whole row, and no index to keep.
 */
function* writeVisitors(sql: postgres.TransactionSql, worlds: World[]) {
  const added: Written[] = []
  const changed: Written[] = []
  const counted: Written[] = []
  for (const world of worlds) {
    const { workspace_id } = world
    for (const visitor of world.visitors.values()) {
      if (!visitor.touched) continue
      if (visitor.is_new) {
        const { root, contact_id } = personOf(world, visitor.root)
        added.push({ workspace_id, visitor, person_id: root === visitor.id ? null : root, contact_id })
      } else if (onlyCounted(visitor)) counted.push({ workspace_id, visitor })
      else changed.push({ workspace_id, visitor })
    }
  }
  yield* countVisitors(sql, counted)
  yield* changeVisitors(sql, changed)
  yield* addVisitors(sql, added)
}

const COUNTS = new Set<string>([
  'touched',
  'root',
  'last_visit',
  'event_count',
  'visit_count',
  'last_engaged_at',
  'last_offer_viewed_at',
  'stored',
  'stored_root',
])

function onlyCounted(visitor: Visitor): boolean {
  if (visitor.stored === null) return false
  for (const key in visitor.stored) {
    if (!COUNTS.has(key) && visitor[key as keyof Visitor] !== visitor.stored[key as keyof typeof visitor.stored]) return false
  }
  return true
}

function countVisitors(sql: postgres.TransactionSql, counted: Written[]) {
  if (counted.length === 0) return []
  const query = sql`
    update visitors v
       set last_visit = to_timestamp(c.last_visit / 1000.0), event_count = c.event_count, visit_count = c.visit_count,
           last_engaged_at = to_timestamp(c.last_engaged_at / 1000.0), last_offer_viewed_at = to_timestamp(c.last_offer_viewed_at / 1000.0)
      from unnest(${counted.map(one => one.workspace_id)}::int[], ${counted.map(one => one.visitor.id)}::bigint[],
                  ${counted.map(one => one.visitor.last_visit)}::float8[], ${counted.map(one => one.visitor.event_count)}::bigint[],
                  ${counted.map(one => one.visitor.visit_count)}::int[], ${counted.map(one => one.visitor.last_engaged_at)}::float8[],
                  ${counted.map(one => one.visitor.last_offer_viewed_at)}::float8[])
        as c(workspace_id, id, last_visit, event_count, visit_count, last_engaged_at, last_offer_viewed_at)
     where v.workspace_id = c.workspace_id and v.id = c.id`
  return [query.execute()]
}

/** Of those who were known all that an event may change; whose they are goes by `moveVisitors`. */
function changeVisitors(sql: postgres.TransactionSql, changed: Written[]) {
  if (changed.length === 0) return []
  const query = sql`
    update visitors v
       set kind = c.kind, first_seen = c.first_seen, last_visit = c.last_visit, event_count = c.event_count, visit_count = c.visit_count,
           country_code = c.country_code, region = c.region, city = c.city, referring_domain = c.referring_domain, first_touch = c.first_touch,
           last_touch = c.last_touch, traits = c.traits, watch_percentage = c.watch_percentage, registered_at = c.registered_at,
           engaged_at = c.engaged_at, offer_viewed_at = c.offer_viewed_at, converted_at = c.converted_at,
           last_engaged_at = c.last_engaged_at, last_offer_viewed_at = c.last_offer_viewed_at, is_bot = c.is_bot
      from (${rowsOf(sql, changed)}) c
     where v.workspace_id = c.workspace_id and v.id = c.id`
  return [query.execute()]
}

function addVisitors(sql: postgres.TransactionSql, added: Written[]) {
  if (added.length === 0) return []
  const query = sql`
    insert into visitors (workspace_id, id, distinct_id, kind, person_id, contact_id, first_seen, last_visit, event_count, visit_count,
                          country_code, region, city, referring_domain, first_touch, last_touch, traits, watch_percentage, registered_at,
                          engaged_at, offer_viewed_at, converted_at, last_engaged_at, last_offer_viewed_at, is_bot)
    ${rowsOf(sql, added)}`
  return [query.execute()]
}

function rowsOf(sql: postgres.TransactionSql, written: Written[]) {
  const each = <T>(of: (visitor: Visitor) => T) => written.map(({ visitor }) => of(visitor))
  return sql`
    select workspace_id, id, distinct_id, kind, person_id, contact_id, ${ms(sql, 'first_seen')}, ${ms(sql, 'last_visit')}, event_count, visit_count,
           country_code, region, city, referring_domain, first_touch::jsonb, last_touch::jsonb, traits::jsonb, watch_percentage,
           ${ms(sql, 'registered_at')}, ${ms(sql, 'engaged_at')}, ${ms(sql, 'offer_viewed_at')}, ${ms(sql, 'converted_at')},
           ${ms(sql, 'last_engaged_at')}, ${ms(sql, 'last_offer_viewed_at')}, is_bot = 1 as is_bot
      from rows from (unnest(
                  ${written.map(one => one.workspace_id)}::int[], ${each(one => one.id)}::bigint[], ${each(one => one.kind)}::text[],
                  ${written.map(one => one.person_id ?? null)}::bigint[],
                  ${written.map(one => one.contact_id ?? null)}::int[], ${each(one => one.first_seen)}::float8[],
                  ${each(one => one.last_visit)}::float8[], ${each(one => one.event_count)}::bigint[], ${each(one => one.visit_count)}::int[],
                  ${each(one => one.country_code)}::text[], ${each(one => one.region)}::text[], ${each(one => one.city)}::text[],
                  ${each(one => one.referring_domain)}::text[], ${each(one => one.first_touch)}::text[], ${each(one => one.last_touch)}::text[],
                  ${each(one => one.traits)}::text[], ${each(one => one.watch_percentage)}::int[], ${each(one => one.registered_at)}::float8[],
                  ${each(one => one.engaged_at)}::float8[], ${each(one => one.offer_viewed_at)}::float8[],
                  ${each(one => one.converted_at)}::float8[], ${each(one => one.last_engaged_at)}::float8[],
                  ${each(one => one.last_offer_viewed_at)}::float8[], ${each(one => (one.is_bot ? 1 : 0))}::int[]),
                  -- in JSON, as they are looked up: where addresses are sealed, what stands around one decides whether it is one
                  jsonb_array_elements_text(${JSON.stringify(each(one => one.distinct_id))}::text::jsonb))
        as r(workspace_id, id, kind, person_id, contact_id, first_seen, last_visit, event_count, visit_count, country_code, region,
             city, referring_domain, first_touch, last_touch, traits, watch_percentage, registered_at, engaged_at, offer_viewed_at,
             converted_at, last_engaged_at, last_offer_viewed_at, is_bot, distinct_id)`
}

function ms(sql: postgres.TransactionSql, column: string) {
  return sql`to_timestamp(${sql(column)} / 1000.0) as ${sql(column)}`
}

type Move = { workspace_id: number; old_root: number; old_contact: number | null; root: number; contact_id: number | null }

/** People as they were read whose root or contact is another one now. */
function movedPeople(world: World): Move[] {
  const moves: Move[] = []
  for (const [old_root, contact_id] of world.known_people) {
    const person = personOf(world, old_root)
    if (person.root !== old_root || person.contact_id !== contact_id) {
      moves.push({
        workspace_id: world.workspace_id,
        old_root,
        old_contact: contact_id,
        root: person.root,
        contact_id: person.contact_id,
      })
    }
  }
  return moves
}

/** O(identifiers): the rows of the visitors that changed hands, and who they were and are, for whoever sums people up. No event is touched. */
function moveVisitors(sql: postgres.TransactionSql, moves: Move[]) {
  if (moves.length === 0) return []
  const query = sql`
    with moves as (
      select * from jsonb_to_recordset(${JSON.stringify(moves)}::text::jsonb)
                 as m(workspace_id int, old_root bigint, old_contact int, root bigint, contact_id int)
    ), told as (
      insert into moved_people (workspace_id, person)
      select workspace_id, coalesce(-old_contact, old_root) from moves
       union
      select workspace_id, coalesce(-contact_id, root) from moves
    ), members as (
      select m.workspace_id, m.old_root as id, m.root, m.contact_id from moves m
       union all
      select m.workspace_id, v.id, m.root, m.contact_id
        from moves m
        join visitors v on v.workspace_id = m.workspace_id and v.person_id = m.old_root
    )
    update visitors v
       set person_id  = nullif(m.root, v.id),
           contact_id = m.contact_id
      from members m
     where v.workspace_id = m.workspace_id and v.id = m.id`
  return [query.execute()]
}

/** Known people whom something else first brought than was known: who sums people up looks at them again. A new visitor alone is in no sum yet. */
function otherwiseBrought(world: World): { workspace_id: number; person: number }[] {
  const people = new Set<number>()
  for (const visitor of world.visitors.values()) {
    if (visitor.first_touch === (visitor.stored?.first_touch ?? '{}')) continue
    const contact_id = contactIdOf(world, visitor)
    const root = rootNow(world, visitor.root)
    if (!visitor.is_new || contact_id !== null || root !== visitor.id) people.add(contact_id === null ? root : -contact_id)
  }
  return [...people].map(person => ({ workspace_id: world.workspace_id, person }))
}

function tellOtherwiseBrought(sql: postgres.TransactionSql, people: { workspace_id: number; person: number }[]) {
  if (people.length === 0) return []
  const query = sql`
    insert into moved_people (workspace_id, person)
    select * from unnest(${people.map(one => one.workspace_id)}::int[], ${people.map(one => one.person)}::bigint[])`
  return [query.execute()]
}

function writeLinks(sql: postgres.TransactionSql, worlds: World[]) {
  const links = worlds.flatMap(world => [...world.links.values()].map(link => ({ workspace_id: world.workspace_id, ...link })))
  if (links.length === 0) return []
  const query = sql`
    insert into identity_links as l (workspace_id, reason, outcome, visitor_id, other_visitor_id, contact_id, actor, message_id,
                                     occurred_at, repeats, last_at)
    select workspace_id, reason, outcome, visitor_id, other_visitor_id, contact_id, ${BY_EVENT_JSON}::text::jsonb, message_id,
           to_timestamp(occurred_at / 1000.0), repeats, to_timestamp(occurred_at / 1000.0)
      from jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb) as r(
           workspace_id int, reason text, outcome text, visitor_id bigint, other_visitor_id bigint, contact_id int,
           message_id text, occurred_at float8, repeats int)
    on conflict (workspace_id, visitor_id, other_visitor_id, contact_id, reason, outcome) where revoked_at is null do update
       set repeats = l.repeats + 1 + excluded.repeats,
           last_at = greatest(l.last_at, excluded.last_at)`
  return [query.execute()]
}

function writeSuggestions(sql: postgres.TransactionSql, worlds: World[]) {
  const rows = worlds.flatMap(world => [...world.suggestions.values()].map(one => ({ workspace_id: world.workspace_id, ...one })))
  if (rows.length === 0) return []
  const query = sql`
    insert into merge_suggestions (workspace_id, contact_id, other_contact_id, reason, evidence)
    select workspace_id, contact_id, other_contact_id, reason, evidence
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(
           workspace_id int, contact_id int, other_contact_id int, reason text, evidence jsonb)
    on conflict (workspace_id, contact_id, other_contact_id) do nothing`
  return [query.execute()]
}

function writeActivities(sql: postgres.TransactionSql, world: World) {
  if (world.activities.length === 0) return []
  return [
    recordActivities(
      sql,
      world.workspace_id,
      world.activities.map(activity => ({ ...activity, actor: BY_EVENT })),
    ),
  ]
}

function fold(sql: postgres.TransactionSql, contacts: { workspace_id: number; contact_id: number }[]) {
  return contacts.length === 0 ? [] : [foldContacts(sql, contacts, BY_EVENT)]
}

/** Contacts whose visitors did something, came or went. */
function touchedContacts(world: World): { workspace_id: number; contact_id: number }[] {
  const ids = new Set<number>()
  for (const visitor of world.visitors.values()) {
    const contact_id = visitor.touched ? contactIdOf(world, visitor) : null
    if (contact_id !== null) ids.add(contact_id)
  }
  for (const { contact_id } of movedPeople(world)) if (contact_id !== null) ids.add(contact_id)
  for (const contact of world.contacts.values()) if (contact.changed) ids.add(contact.id)
  return [...ids].map(contact_id => ({ workspace_id: world.workspace_id, contact_id }))
}
