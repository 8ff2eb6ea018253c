import type postgres from 'postgres'
import { extend, lockHeads } from './extend.ts'
import { type Content, contents } from './link.ts'

/** Puts into the chains what was told before there were any: a thousand a transaction, the oldest first, behind what came since. */
export async function chainEarlier(sql: postgres.Sql) {
  for (;;) {
    const [next] = await sql<{ workspace_id: number }[]>`
      select workspace_id from audit_heads where earlier_until is not null order by workspace_id limit 1`
    if (!next) return
    await sql.begin(tx => chainSome(tx, next.workspace_id))
  }
}

async function chainSome(sql: postgres.TransactionSql, workspace_id: number) {
  const heads = await lockHeads(sql, [workspace_id])
  const rows = await sql<Content[]>`
    select ${contents(sql)}
      from audit_heads h
      join activities a on a.workspace_id = h.workspace_id and a.id > h.earlier_after and a.id <= h.earlier_until and a.told
     where h.workspace_id = ${workspace_id}
       and not exists (select from audit_chain c where c.workspace_id = a.workspace_id and c.activity_id = a.id)
     order by a.id
     limit ${CHUNK}`
  await extend(sql, heads, rows)
  await sql`
    update audit_heads
       set earlier_after = ${rows.at(-1)?.activity_id ?? null},
           earlier_until = case when ${rows.length === CHUNK} then earlier_until end
     where workspace_id = ${workspace_id}`
}

const CHUNK = 1000
