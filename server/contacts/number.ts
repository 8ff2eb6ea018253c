import type postgres from 'postgres'

/**
 * Contact ids have six digits, are unique in their workspace and do not follow one another, so that nobody can count a
 * customer's contacts or guess the next one. The n-th contact gets the n-th place of a keyed permutation of 100000..999999:
 * no collision is possible, so none has to be looked for. From the 900,001st on they have seven digits, and so forth.
 */
export function contactNumber(issued: number, salt: number): number {
  return placeOf(issued, salt, 100_000)
}

/** The same for leads, which have ten digits. */
export function leadNumber(issued: number, salt: number): number {
  return placeOf(issued, salt, 1_000_000_000)
}

/** Takes `count` new ids. The caller holds the workspace's identity lock (`lockIdentity`), as the batches of events do. */
export async function numberContacts(sql: postgres.TransactionSql, workspace_id: number, count: number): Promise<number[]> {
  const [row] = await sql<Taken[]>`
    update workspaces
       set contacts_issued = contacts_issued + ${count}
     where id = ${workspace_id}
    returning id, contacts_issued - ${count}::int as issued, contact_salt as salt`
  if (!row) throw new Error(`workspace ${workspace_id} is not visible here`)
  return Array.from({ length: count }, (_, k) => contactNumber(row.issued + k, row.salt))
}

/** Takes new lead ids, so many for each workspace, in one statement. The caller holds the workspaces' identity lock. */
export async function numberLeads(
  sql: postgres.TransactionSql,
  wanted: { workspace_id: number; count: number }[],
): Promise<Map<number, number[]>> {
  const rows = await sql<(Taken & { count: number })[]>`
    update workspaces w
       set leads_issued = w.leads_issued + n.count
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as n(workspace_id int, count int)
     where w.id = n.workspace_id
    returning w.id, w.leads_issued - n.count as issued, w.contact_salt as salt, n.count`
  if (rows.length < wanted.length) throw new Error('a workspace is not visible here')
  return new Map(
    rows.map(({ id, issued, salt, count }) => [id, Array.from({ length: count }, (_, k) => leadNumber(issued + k, salt))]),
  )
}

type Taken = { id: number; issued: number; salt: number }

/** The n-th place of the permutation of all numbers with as many digits as `smallest`; when they run out, of those with one more. */
function placeOf(issued: number, salt: number, smallest: number): number {
  let first = smallest
  let n = issued
  while (n >= first * 9) {
    n -= first * 9
    first *= 10
  }
  return first + permute(n, first * 9, salt)
}

/** A Feistel network over the next power of four, walked until it lands inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains"). */
function permute(n: number, size: number, salt: number): number {
  let half = 1
  while (4 ** half < size) half++
  const mask = 2 ** half - 1
  let value = n
  do {
    let left = Math.floor(value / 2 ** half)
    let right = value & mask
    for (let round = 1; round <= 4; round++) [left, right] = [right, (left ^ mix(right, salt + round * 0x9e3779b9)) & mask]
    value = left * 2 ** half + right
  } while (value >= size)
  return value
}

function mix(value: number, key: number): number {
  let h = Math.imul(value ^ key, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13) ^ (key >>> 7), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
