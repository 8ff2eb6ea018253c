import type { Database, Sql } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { mergeContacts, undoMerge } from '../identity/merge.ts'
import { dismissSuggestion } from '../identity/review.ts'

const MARTA = { kind: 'user', id: null, name: 'Marta Lind' }

/**
 * What somebody at the desk did about people who looked like one: three in four of those with one name and two addresses are
 * merged, one of these was taken back, and a third of the families with one telephone are said to be two. The rest waits for review.
 */
export async function decideByHand(database: Database, workspace_id: number, since: Date) {
  await inWorkspace(database, workspace_id, async sql => {
    const twins = await findTwins(sql, workspace_id, since)
    for (const [index, { winner_id, loser_id }] of twins.entries()) {
      if (index % 4 === 3) continue
      const merge_id = await mergeContacts(sql, workspace_id, winner_id, loser_id, true, MARTA)
      if (index % 5 === 1) await undoMerge(sql, workspace_id, merge_id, MARTA)
    }
  })
  await inWorkspace(database, workspace_id, async sql => {
    const waiting = await sql<{ id: number }[]>`
      select id
        from merge_suggestions
       where workspace_id = ${workspace_id} and decided_at is null and created_at >= ${since}
       order by id`
    for (const [index, { id }] of waiting.entries()) if (index % 3 === 0) await dismissSuggestion(sql, workspace_id, id, MARTA)
  })
}

/** One name and two addresses, one of them at work. */
function findTwins(sql: Sql, workspace_id: number, since: Date) {
  return sql<{ winner_id: number; loser_id: number }[]>`
    select a.id as winner_id, b.id as loser_id
      from contacts a
      join contacts b on b.workspace_id = a.workspace_id and b.name = a.name
     where a.workspace_id = ${workspace_id} and a.created_at >= ${since} and b.created_at >= ${since}
       and substring(b.email from '@studio-(\\d+)[.]') = substring(a.email from '(\\d+)@')
       and a.merged_into is null and b.merged_into is null
     order by b.email`
}
