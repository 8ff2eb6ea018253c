import { type Content, contents, digestOf, hashOf } from '../server/activities/chain/link.ts'
import type { Sql } from '../server/database/connect.ts'

/**
 * What somebody does who may write everything in the database and knows how the chain is made: makes it again, in the order in which its links
 * stand there now, so that it is whole in itself.
 */
export async function chainAnew(sql: Sql, workspace_id: number) {
  const rows = await sql<(Content & { salt: Buffer })[]>`
    select ${contents(sql)}, c.salt
      from audit_chain c join activities a on a.workspace_id = c.workspace_id and a.id = c.activity_id
     where c.workspace_id = ${workspace_id} order by c.position`
  let hash: Buffer = Buffer.alloc(0)
  const links = rows.map((row, k) => {
    const digest = digestOf(row.salt, row)
    hash = hashOf(hash, k + 1, row, digest)
    const [salt, of, its] = [row.salt, digest, hash].map(bytes => bytes.toString('hex'))
    return { position: k + 1, activity_id: row.activity_id, salt, digest: of, hash: its }
  })
  await sql`delete from audit_chain where workspace_id = ${workspace_id}`
  await sql`
    insert into audit_chain (workspace_id, position, activity_id, salt, digest, hash)
    select ${workspace_id}, position, activity_id, decode(salt, 'hex'), decode(digest, 'hex'), decode(hash, 'hex')
      from jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb)
        as l(position bigint, activity_id bigint, salt text, digest text, hash text)`
  await sql`update audit_heads set hash = ${hash}, position = ${links.length} where workspace_id = ${workspace_id}`
}
