import { createHmac } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Sql } from '../database/connect.ts'
import { secretFor, withOlder } from '../secrets.ts'

/**
 * What is left of a value that was erased: known again when somebody names it, and not to be read from. E-mails and phones in the spelling in
 * which they are compared (normalize.ts), ids as they are.
 */
export function digestOf(config: Pick<Config, 'home' | 'secret_key'>): (workspace_id: number, value: string) => Buffer {
  const key = secretFor(config, 'erased values')
  return (workspace_id, value) => digestWith(key, workspace_id, value)
}

/** The same by each secret of the ring: what was erased before the newest one is known again by its own. */
export function digestsOf(config: Pick<Config, 'home' | 'secret_key'>): (workspace_id: number, value: string) => Buffer[] {
  const keys = withOlder(secretFor(config, 'erased values'))
  return (workspace_id, value) => keys.map(key => digestWith(key, workspace_id, value))
}

function digestWith(key: Buffer, workspace_id: number, value: string): Buffer {
  return createHmac('sha256', key).update(`${workspace_id} ${value.toLowerCase()}`).digest()
}

/**
 * Which of these values were erased since then. An import that began before an erasure asks in the transaction of each batch, under the identity
 * lock (`lockIdentity`), under which erasures write: so whoever is erased while it runs does not come back by it.
 */
export async function erasedSince(
  sql: Sql,
  digest: ReturnType<typeof digestOf>,
  workspace_id: number,
  values: string[],
  since: Date,
): Promise<Set<string>> {
  const [any] = await sql`select from erased_values where workspace_id = ${workspace_id} and erased_at >= ${since} limit 1`
  if (!any) return new Set()
  const digests = values.map(value => digest(workspace_id, value))
  const rows = await sql<{ n: number }[]>`
    select d.n::int as n
      from unnest(${digests.map(bytes => bytes.toString('hex'))}::text[]) with ordinality as d(hex, n)
      join erased_values e on e.workspace_id = ${workspace_id} and e.digest = decode(d.hex, 'hex') and e.erased_at >= ${since}`
  return new Set(rows.map(({ n }) => values[n - 1]!))
}
