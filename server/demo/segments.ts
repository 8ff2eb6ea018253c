import type { Rule } from '../../shared/segments.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { createSegment, listSegments } from '../segments/segments.ts'

const MARTA = { kind: 'user', id: null, name: 'Marta Lind' }

const SEGMENTS: { name: string; description: string; rule: Rule }[] = [
  {
    name: 'Ready for the season',
    description: 'Watched nearly all of the free lesson and did not buy yet',
    rule: {
      all: [
        { kind: 'segment', segment: 'hot', for_hours: 24 },
        { kind: 'conversion', has: false },
      ],
    },
  },
  {
    name: 'Gone quiet',
    description: 'Watched once and was not here for a month',
    rule: {
      all: [
        { kind: 'stage', stage: 'engaged', or_later: true },
        { not: { any: [{ kind: 'event', event: 'page_viewed', did: 'did', within_days: 30 }] } },
      ],
    },
  },
]

/** Who fits is counted by the server that runs. */
export async function makeSegments(database: Database, workspace_id: number) {
  await inWorkspace(database, workspace_id, async sql => {
    const { data } = await listSegments(sql, workspace_id)
    const known = new Set(data.map(({ name }) => name))
    for (const segment of SEGMENTS) if (!known.has(segment.name)) await createSegment(sql, workspace_id, segment, MARTA)
  })
}
