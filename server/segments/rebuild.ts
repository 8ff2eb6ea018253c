import type { Database } from '../database/connect.ts'
import { nextContacts } from './count.ts'
import { readSegments } from './look.ts'
import { lockSegments, settleMembers } from './settle.ts'

const CHUNK = 2000

/** Makes the members of every segment again from its rule, quietly. Returns how many rows were wrong. */
export async function rebuildSegments({ system }: Database, workspace_id: number, progress: (done: number) => void = () => {}) {
  let segment_members = 0
  let done = 0
  for (let after: number | undefined = 0; after !== undefined; ) {
    after = (await system.begin(async sql => {
      await lockSegments(sql, workspace_id)
      const segments = await readSegments(sql, workspace_id)
      const contacts = segments.length === 0 ? [] : await nextContacts(sql, workspace_id, after!, CHUNK)
      for (const segment of segments)
        segment_members += await settleMembers(sql, workspace_id, segment, contacts, { tell: false })
      done += contacts.length
      return contacts.length < CHUNK ? undefined : contacts.at(-1)
    })) as number | undefined
    progress(done)
  }
  const segments = (await system.begin(async sql => {
    await lockSegments(sql, workspace_id)
    const { count } = await sql`
    update segments s
       set contact_count = m.members
      from (select g.id, (select count(*)::int from segment_members m where m.workspace_id = g.workspace_id and m.segment_id = g.id) as members
              from segments g
             where g.workspace_id = ${workspace_id}) m
     where s.workspace_id = ${workspace_id} and s.id = m.id and s.contact_count <> m.members`
    return count
  })) as number
  return { segment_members, segments }
}
