import { randomBytes } from 'node:crypto'
import type postgres from 'postgres'
import type { Reader } from '../told.ts'
import { type Content, contents, digestOf, hashOf } from './link.ts'

type Head = { workspace_id: number; position: number; hash: Buffer }

/**
 * A reader: goes on with the chain of each workspace, in the order in which activities are told. Whoever changes something waits for none of
 * it; until an activity is told, some milliseconds after its commit, it is not in the chain.
 */
export const chainActivities: Reader = async (sql, { activities }) => {
  if (activities.length === 0) return
  const workspace_ids = [...new Set(activities.map(({ workspace_id }) => workspace_id))].sort((one, other) => one - other)
  const heads = await lockHeads(sql, workspace_ids)
  await extend(sql, heads, await readContents(sql, activities))
}

/** One writer of a chain at a time. In one order, so that no two wait for each other. */
export async function lockHeads(sql: postgres.TransactionSql, workspace_ids: number[]): Promise<Head[]> {
  await sql`
    insert into audit_heads (workspace_id) select unnest(${workspace_ids}::int[]) order by 1 on conflict (workspace_id) do nothing`
  return sql<Head[]>`
    select workspace_id, position, hash from audit_heads where workspace_id = any(${workspace_ids}::int[]) order by workspace_id for update`
}

/** What is in the chain already (it was told again, say) is left out. */
function readContents(sql: postgres.TransactionSql, activities: { workspace_id: number; id: number }[]) {
  return sql<Content[]>`
    select ${contents(sql)}
      from unnest(${activities.map(one => one.workspace_id)}::int[], ${activities.map(one => one.id)}::bigint[]) as told (workspace_id, id)
      join activities a on a.workspace_id = told.workspace_id and a.id = told.id
     where not exists (select from audit_chain c where c.workspace_id = a.workspace_id and c.activity_id = a.id)
     order by a.id`
}

/** Appends to the chains whose heads are locked, and moves these. */
export async function extend(sql: postgres.TransactionSql, heads: Head[], rows: Content[]) {
  if (rows.length === 0) return
  const salts = randomBytes(SALT_BYTES * rows.length)
  const ends = new Map(heads.map(head => [head.workspace_id, { ...head }]))
  const links = rows.map((row, k) => {
    const end = ends.get(row.workspace_id)!
    const salt = salts.subarray(k * SALT_BYTES, (k + 1) * SALT_BYTES)
    const digest = digestOf(salt, row)
    end.position++
    end.hash = hashOf(end.hash, end.position, row, digest)
    return { ...end, activity_id: row.activity_id, salt: hex(salt), digest: hex(digest), hash: hex(end.hash) }
  })
  await sql`
    insert into audit_chain (workspace_id, position, activity_id, salt, digest, hash)
    select workspace_id, position, activity_id, decode(salt, 'hex'), decode(digest, 'hex'), decode(hash, 'hex')
      from jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb)
        as l(workspace_id int, position bigint, activity_id bigint, salt text, digest text, hash text)`
  const moved = [...ends.values()].map(end => ({ ...end, hash: hex(end.hash) }))
  await sql`
    update audit_heads h
       set position = l.position, hash = decode(l.hash, 'hex')
      from jsonb_to_recordset(${JSON.stringify(moved)}::text::jsonb) as l(workspace_id int, position bigint, hash text)
     where h.workspace_id = l.workspace_id`
}

const SALT_BYTES = 16

function hex(bytes: Buffer) {
  return bytes.toString('hex')
}
