import type { Sql } from '../../database/connect.ts'
import { type Content, contents, digestOf, hashOf } from './link.ts'

type Link = {
  position: number
  link_activity_id: number
  salt: Buffer | null
  digest: Buffer
  hash: Buffer
  redacted_for: number | null
}
type Row = Link & Omit<Content, 'activity_id'> & { activity_id: number | null }

export type Problem = { position: number; activity_id: number | null; what: string }
export type Verdict = { position: number; hash: Buffer; redacted: number; problems: Problem[] }

/**
 * Computes a chain again, from the link after `from` on, and says what is not as it was written. A link that is wrong is told once: what
 * follows is judged by what stands there. Run it in one snapshot (repeatable read) while the server writes.
 */
export async function verifyChain(
  sql: Sql,
  workspace_id: number,
  from: Pick<Verdict, 'position' | 'hash'> = START,
): Promise<Verdict> {
  const verdict: Verdict = { position: from.position, hash: from.hash, redacted: 0, problems: [] }
  for (let is_more = true; is_more; ) {
    const rows = await readLinks(sql, workspace_id, verdict.position)
    for (const row of rows) judge(verdict, row)
    is_more = rows.length === CHUNK
  }
  verdict.problems.push(
    ...(await judgeEnd(sql, workspace_id, verdict)),
    ...(await strangers(sql, workspace_id)),
    ...(await unsaidRedactions(sql, workspace_id)),
  )
  return verdict
}

/** The next of them behind a position, with what they are made of; none: that was the last. */
export function readLinks(sql: Sql, workspace_id: number, after: number) {
  return sql<Row[]>`
    select ${contents(sql)}, c.workspace_id, c.position, c.activity_id as link_activity_id, c.salt, c.digest, c.hash, c.redacted_for
      from audit_chain c
      left join activities a on a.workspace_id = c.workspace_id and a.id = c.activity_id
     where c.workspace_id = ${workspace_id} and c.position > ${after}
     order by c.position
     limit ${CHUNK}`
}

function judge(verdict: Verdict, row: Row) {
  const what = faultOf(verdict, row)
  if (what !== undefined) verdict.problems.push({ position: row.position, activity_id: row.link_activity_id, what })
  if (row.salt === null) verdict.redacted++
  verdict.position = row.position
  verdict.hash = row.hash
}

function faultOf({ position, hash }: Verdict, row: Row): string | undefined {
  if (row.position !== position + 1) return `${row.position - position - 1} links before it are gone`
  if (row.activity_id === null) return 'the activity is gone'
  const content = row as Content
  if (row.salt === null && (row.before !== null || row.after !== null || row.redacted_for === null))
    return 'what is personal in it was erased, and still something stands there'
  if (row.salt !== null && !digestOf(row.salt, content).equals(row.digest)) return 'what it says is not what was written'
  if (!hashOf(hash, row.position, content, row.digest).equals(row.hash))
    return 'it, or its place in the chain, is not what was written'
  return undefined
}

async function judgeEnd(sql: Sql, workspace_id: number, { position, hash }: Verdict): Promise<Problem[]> {
  const [head] = await sql<{ position: number; hash: Buffer }[]>`
    select position, hash from audit_heads where workspace_id = ${workspace_id}`
  const expected = head ?? START
  if (expected.position === position && expected.hash.equals(hash)) return []
  return [{ position, activity_id: null, what: `the chain ends here, but ${expected.position} links were written` }]
}

/** What was told is in the chain, or stands before it and waits for its turn. */
async function strangers(sql: Sql, workspace_id: number): Promise<Problem[]> {
  const rows = await sql<{ id: number }[]>`
    select a.id
      from activities a
      left join audit_heads h on h.workspace_id = a.workspace_id
     where a.workspace_id = ${workspace_id} and a.told
       and not exists (select from audit_chain c where c.workspace_id = a.workspace_id and c.activity_id = a.id)
       and (h.earlier_until is null or a.id > h.earlier_until or a.id <= h.earlier_after)
     order by a.id
     limit ${MOST_TOLD}`
  return rows.map(({ id }) => ({
    position: 0,
    activity_id: id,
    what: 'it is in no link: nobody who may write activities wrote it',
  }))
}

async function unsaidRedactions(sql: Sql, workspace_id: number): Promise<Problem[]> {
  const rows = await sql<{ position: number; activity_id: number }[]>`
    select min(c.position) as position, min(c.activity_id) as activity_id
      from audit_chain c
     where c.workspace_id = ${workspace_id} and c.redacted_for is not null
       and not exists (select from activities a
                        where a.workspace_id = c.workspace_id and a.subject_id = c.redacted_for::text and a.action = 'activity.redacted')
     group by c.redacted_for
     order by 1
     limit ${MOST_TOLD}`
  return rows.map(row => ({ ...row, what: 'what is personal in it was erased, and no activity says so' }))
}

const START = { position: 0, hash: Buffer.alloc(0) }
const CHUNK = 2000
const MOST_TOLD = 20
