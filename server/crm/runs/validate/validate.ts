import type postgres from 'postgres'
import { isAway } from '../../../database/away.ts'
import type { Ended } from '../../../queue/runs.ts'
import { logFailures } from '../../log.ts'
import type { Run, RunMeans } from '../run.ts'
import { askAll, Hopeless, pause } from './ask.ts'
import { countMembers, gatherMembers, type Member, setStates, takeMembers } from './members.ts'
import type { Walk } from './walk.ts'
import { placeOf, writeDown } from './write.ts'

const BATCH = 100
/** Milliseconds before those to whom the CRM gave no answer are asked for again: at the end, when all others have theirs. */
const PAUSES = [1000, 5000, 20_000]

/**
 * Takes every member with an old id through the states of seed 003 ("App Users that have a Nationbuilder ID"). Who was found is not asked for
 * again, however often it is resumed; everybody else is, until the states say what is true.
 */
export async function validate(run: Run, means: RunMeans): Promise<Ended> {
  const begun = await begin(run, means)
  const walk: Walk = { run, means, ...begun, open: [], aside: new Set(), in_a_row: 0, not_before: 0 }
  const { pauses = PAUSES, signal } = means
  let [pass, after] = startOf(run.cursor)
  for (; pass <= pauses.length + 1 && !signal.aborted; pass++) {
    if (pass > 1 && (await takeMembers(means.sql, run, pass, 0, 1)).length === 0) break
    if (pass > 1 && after === 0) await pause(pauses[pass - 2]!, signal)
    if (pass > 1) walk.counts = await countMembers(means.sql, run)
    await walkOnce(walk, pass, after, pass === pauses.length + 1)
    after = 0
  }
  if (!signal.aborted) await means.sql.begin(async sql => means.keep(sql, { counts: await countMembers(sql, run) }))
  return { state: 'done' }
}

/** Gathers the members, unless it only goes on. */
async function begin(run: Run, { sql, keep }: RunMeans): Promise<Pick<Walk, 'done' | 'counts'>> {
  return sql.begin(async tx => {
    if (run.cursor === null) await gatherMembers(tx, run)
    const counts = await countMembers(tx, run)
    if (run.cursor !== null) return { done: run.done, counts }
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const done = counts.WroteSalesforceAppUserUid ?? 0
    await keep(tx, { total, done, started_done: done, counts, cursor: '1:0' })
    return { done, counts }
  }) as unknown as Promise<Pick<Walk, 'done' | 'counts'>>
}

/** `2:123456`: in the second pass, after this contact. */
function startOf(cursor: string | null): [pass: number, after: number] {
  const [pass = 1, after = 0] = (cursor ?? '1:0').split(':').map(Number)
  return [pass, after]
}

async function walkOnce(walk: Walk, pass: number, from: number, is_last: boolean) {
  const { run, means } = walk
  for (let after = from; !means.signal.aborted; ) {
    const members = await takeMembers(means.sql, run, pass, after, BATCH)
    if (members.length === 0) return
    after = members.at(-1)!.contact_id
    const asked = members.filter(({ contact_id }) => !walk.aside.has(contact_id))
    if (asked.length > 0) await check(walk, asked, is_last, `${pass}:${after}`)
  }
}

/** NotChecked -> RequestedContact -> what the CRM answers -> what became of it. */
async function check(walk: Walk, members: Member[], is_last: boolean, cursor: string) {
  const { run, means } = walk
  walk.open = members.map(({ contact_id }) => contact_id)
  try {
    for (const { contact_id, state } of members) if (state !== 'RequestedContact') means.watch?.(contact_id, 'NotChecked')
    await means.sql.begin(async sql => {
      await means.keep(sql, {})
      await setStates(
        sql,
        run,
        members.map(({ contact_id }) => ({ contact_id, state: 'RequestedContact' as const })),
      )
    })
    const answers = await askAll(walk, members, is_last)
    if (!means.signal.aborted) await writeDown(walk, answers, cursor)
  } catch (error) {
    if (!isAway(error) && !means.signal.aborted) await noteScriptFailure(walk, error)
    throw error
  }
}

/** Of those whom it was at. Where not even that can be written, they stay RequestedContact, which is a failure too. */
async function noteScriptFailure({ run, means, open }: Walk, error: unknown) {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 2000)
  const rows = open.map(contact_id => ({ contact_id, state: 'ScriptFailureLogged' as const, message }))
  await means.sql
    .begin(async (sql: postgres.TransactionSql) => {
      await setStates(sql, run, rows)
      if (error instanceof Hopeless) await logFailures(sql, [{ ...placeOf({ run, means }, null), error: error.reason }])
      await means.keep(sql, { counts: await countMembers(sql, run) })
    })
    .catch(failure => means.log.warn({ run_id: run.id, error: failure }, 'The state of members could not be written.'))
}
