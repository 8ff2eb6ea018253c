import type postgres from 'postgres'
import { lockIdentity } from '../database/transaction.ts'

export type Held = { id: number; owner_id: number | null }

/** Contacts as they stay until the commit: no merge meanwhile, and no other change of theirs. `gone`: why the others cannot be changed. */
export async function holdContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
): Promise<{ held: Held[]; gone: Map<number, string> }> {
  await lockIdentity(sql, [workspace_id])
  const rows = await sql<(Held & { merged_into: number | null })[]>`
    select id, owner_id, merged_into
      from contacts
     where workspace_id = ${workspace_id} and id = any(${ids}::int[])
     order by id
       for no key update`
  const found = new Map(rows.map(row => [row.id, row]))
  const gone = new Map<number, string>()
  for (const id of ids) {
    const row = found.get(id)
    if (!row) gone.set(id, 'There is no such contact any more.')
    else if (row.merged_into !== null) gone.set(id, `This contact is part of contact ${row.merged_into}.`)
  }
  return { held: rows.filter(({ id }) => !gone.has(id)), gone }
}
