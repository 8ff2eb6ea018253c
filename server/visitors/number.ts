import type postgres from 'postgres'

/** Hands out visitor ids. A process takes them from the sequence by the thousand, so most batches ask for none. */
export type VisitorNumbers = { take(sql: postgres.TransactionSql, count: number): Promise<() => number> }

export function visitorNumbers(): VisitorNumbers {
  const blocks: { next: number; end: number }[] = []
  const next = () => {
    while (blocks[0]!.next >= blocks[0]!.end) blocks.shift()
    return blocks[0]!.next++
  }
  return {
    async take(sql, count) {
      const left = blocks.reduce((sum, block) => sum + block.end - block.next, 0)
      const missing = Math.ceil((count - left) / BLOCK)
      if (missing > 0) {
        const rows = await sql<{ first: number }[]>`select nextval('visitor_ids') as first from generate_series(1, ${missing})`
        for (const { first } of rows) blocks.push({ next: first, end: first + BLOCK })
      }
      return next
    },
  }
}

/** The sequence's own increment (db/migrations/0003_people.sql). */
const BLOCK = 1000
