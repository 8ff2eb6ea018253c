import type postgres from 'postgres'

/**
 * Contact ids have six digits, are unique in their workspace and do not follow one another, so that nobody can count a
 * customer's contacts or guess the next one. The n-th contact gets the n-th place of a keyed permutation of 100000..999999:
 * no collision is possible, so none has to be looked for. From the 900,001st on they have seven digits, and so forth.
 */
export function contactNumber(issued: number, salt: number): number {
  let first = 100_000
  let n = issued
  while (n >= first * 9) {
    n -= first * 9
    first *= 10
  }
  return first + permute(n, first * 9, salt)
}

/** Takes `count` new ids. The caller holds the workspace's identity lock (`lockIdentity`), as the batches of events do. */
export async function numberContacts(sql: postgres.TransactionSql, workspace_id: number, count: number): Promise<number[]> {
  const [row] = await sql<{ issued: number; salt: number }[]>`
    update workspaces
       set contacts_issued = contacts_issued + ${count}
     where id = ${workspace_id}
    returning contacts_issued - ${count}::int as issued, contact_salt as salt`
  if (!row) throw new Error(`workspace ${workspace_id} is not visible here`)
  return Array.from({ length: count }, (_, k) => contactNumber(row.issued + k, row.salt))
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
