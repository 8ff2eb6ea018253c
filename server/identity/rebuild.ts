import type postgres from 'postgres'
import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { recomputeAll } from './recompute.ts'

const ACTOR = { kind: 'system', id: null, name: 'rebuild' }

/**
 * Makes the people of a workspace again from the log of links and merges, and every contact from its visitors. One transaction:
 * nobody sees half of the people. Returns how many rows were wrong: visitors that belonged to another person, contacts, and what
 * they are found by in a search.
 */
export async function rebuildPeople(database: Database, workspace_id: number) {
  return inWorkspace(database, workspace_id, async sql => {
    await lockIdentity(sql, [workspace_id])
    const before = await read(sql, workspace_id)
    const people = await recomputeAll(sql, workspace_id, ACTOR)
    const after = await read(sql, workspace_id)
    const differ = (column: 'shown' | 'words') => [...after].filter(([id, is]) => is[column] !== before.get(id)?.[column]).length
    return { people, contacts: differ('shown'), search_words: differ('words') }
  })
}

/** What is derived of each contact, as one short text to compare. */
async function read(sql: postgres.TransactionSql, workspace_id: number) {
  const rows = await sql<{ id: number; shown: string; words: string | null }[]>`
    select c.id, s.words,
           md5(row(c.merged_into, c.user_id, c.traits, c.first_seen, c.last_visit, c.visit_count, c.event_count, c.country_code, c.region,
                   c.city, c.referring_domain, c.first_touch, c.last_touch, c.watch_percentage, c.registered_at, c.engaged_at,
                   c.offer_viewed_at, c.converted_at, c.stage, c.stage_by_hand, c.conversion_count, c.lifetime_value)::text) as shown
      from contacts c
      left join contact_search s on s.workspace_id = c.workspace_id and s.contact_id = c.id
     where c.workspace_id = ${workspace_id}`
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}
