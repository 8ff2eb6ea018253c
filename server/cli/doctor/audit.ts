import type { Finding, Patient } from './checks.ts'

/** What the daily look at the chains found. `throughline audit verify` looks at all of them. */
export async function audit({ sql }: Patient): Promise<Finding> {
  const [row] = await sql<{ chains: number; waiting: number; problem: string | null; late: boolean }[]>`
    select count(*)::int as chains, count(earlier_until)::int as waiting,
           min('workspace ' || workspace_id || ', ' || problem) as problem,
           coalesce(min(checked_at) < now() - interval '3 days', false) as late
      from audit_heads`
  const { chains, waiting, problem, late } = row!
  const words = [
    `${chains} ${chains === 1 ? 'chain' : 'chains'}`,
    ...(problem === null ? [] : [`broken: ${problem}; look with throughline audit verify`]),
    ...(late ? ['not signed for three days: is a server running?'] : []),
    ...(waiting > 0 ? [`earlier activities of ${waiting} workspaces wait for their turn`] : []),
  ]
  return { ok: problem === null && !late, found: words.join('; ') }
}
