import type postgres from 'postgres'
import type { Sql } from '../../database/connect.ts'
import { holdTelling } from '../relay.ts'
import { chainEarlier } from './earlier.ts'
import { lockHeads } from './extend.ts'

/** How long the chain of a workspace is. */
export async function lengthOfChain(sql: Sql, workspace_id: number): Promise<number> {
  const [head] = await sql<{ position: number }[]>`select position from audit_heads where workspace_id = ${workspace_id}`
  return head?.position ?? 0
}

/**
 * Makes the chain of a workspace anew from a link on, of activities as they are now. For a story that is told as if it had happened earlier
 * (the demo), and for nothing else: changes of the history are what a chain is there to show.
 */
export async function chainAgain(sql: postgres.Sql, workspace_id: number, after: number) {
  await sql.begin(async tx => {
    await holdTelling(tx)
    await lockHeads(tx, [workspace_id])
    await tx`
      with undone as (
        delete from audit_chain where workspace_id = ${workspace_id} and position > ${after} returning activity_id
      ), again as (
        select min(activity_id) - 1 as first, max(activity_id) as last from undone
      )
      update audit_heads h
         set position = ${after},
             hash = coalesce((select hash from audit_chain where workspace_id = ${workspace_id} and position = ${after}), ''),
             earlier_after = least(h.earlier_after, again.first),
             earlier_until = greatest(h.earlier_until, again.last)
        from again
       where h.workspace_id = ${workspace_id} and again.last is not null`
  })
  await chainEarlier(sql)
}
