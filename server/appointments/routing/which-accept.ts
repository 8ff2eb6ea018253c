import type postgres from 'postgres'

/**
 * Which of these workspaces take appointments from this one: of the same organization, and they said so (`accepts_from`). They stand behind the
 * wall of tenants, so this one question is asked as the system, and nothing but yes or no comes of it. The savepoint gives the role back, whatever it was.
 */
export async function whichAccept(sql: postgres.TransactionSql, workspace_id: number, others: number[]): Promise<Set<number>> {
  if (others.length === 0) return new Set()
  // Sent together, so nothing else of this transaction is asked in between.
  const [, found] = await Promise.all([
    sql.unsafe('savepoint organization; set local role throughline_system').execute(),
    sql<{ id: number }[]>`
      select o.id
        from workspaces w
        join workspaces o on o.organization_id = w.organization_id and o.id <> w.id
       where w.id = ${workspace_id} and o.id = any(${others}::int[]) and w.id = any(o.accepts_from)`.execute(),
    sql.unsafe('rollback to savepoint organization; release savepoint organization').execute(),
  ])
  return new Set(found.map(row => row.id))
}
