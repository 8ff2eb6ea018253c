import type postgres from 'postgres'

/** Hands out visitor ids. A process takes them from the sequence by the thousand, so most batches ask for none. */
export type VisitorNumbers = {
  /** So many are the caller's own, whoever else asks meanwhile; those that are not used are lost. */
  take(sql: postgres.TransactionSql, count: number): Promise<() => number>
}

type Block = { next: number; end: number }

export function visitorNumbers(): VisitorNumbers {
  const free: Block[] = []
  return {
    async take(sql, count) {
      const own = cut(free, count)
      const missing = Math.ceil((count - sizeOf(own)) / BLOCK)
      if (missing > 0) {
        const rows = await sql<{ first: number }[]>`select nextval('visitor_ids') as first from generate_series(1, ${missing})`
        const more = rows.map(({ first }) => ({ next: first, end: first + BLOCK }))
        own.push(...cut(more, count - sizeOf(own)))
        free.push(...more)
      }
      return () => cut(own, 1)[0]!.next
    },
  }
}

/** Takes the first so many out of blocks, or all that there are. */
function cut(blocks: Block[], count: number): Block[] {
  const taken: Block[] = []
  for (let left = count; left > 0 && blocks[0]; left = count - sizeOf(taken)) {
    const { next, end } = blocks[0]
    const to = Math.min(next + left, end)
    taken.push({ next, end: to })
    if (to === end) blocks.shift()
    else blocks[0].next = to
  }
  return taken
}

function sizeOf(blocks: Block[]) {
  return blocks.reduce((sum, { next, end }) => sum + end - next, 0)
}

/** The sequence's own increment (db/migrations/0003_people.sql). */
const BLOCK = 1000
