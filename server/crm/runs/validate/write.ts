import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { isAway } from '../../../database/away.ts'
import { type Aside, keepAside } from '../../fallback.ts'
import { type CrmFailure, logFailures } from '../../log.ts'
import { type CrmError, failed } from '../../result.ts'
import type { Answer } from './ask.ts'
import { type Found, linkMembers } from './link.ts'
import { setStates } from './members.ts'
import { type Answered, ASIDE, answeredBy, type MemberState, WRITTEN } from './states.ts'
import type { Walk } from './walk.ts'

type Verdict = {
  contact_id: number
  was: MemberState
  state: MemberState
  external_id: string | null
  error: CrmError | null
  at: Date
}

/**
 * Writes down what the CRM answered: links, log, states and how far the run is, in one transaction and a fixed number of statements. What the
 * database does not take is halved until the member that it does not take stands alone; that one is kept aside. `cursor` is what follows them.
 */
export async function writeDown(walk: Walk, answers: Answer[], cursor: string, tries = 1): Promise<void> {
  try {
    await write(walk, answers, cursor)
  } catch (error) {
    if (!isOfDatabase(error) || answers.length === 0) throw error
    if (tries === 1) {
      // The same id may have been written by a sign-up in that very moment, or two transactions were in each other's way.
      await sleep(100)
      return writeDown(walk, answers, cursor, 2)
    }
    if (answers.length === 1 || isAway(error)) return putAside(walk, answers, cursor, error)
    const half = answers.length >> 1
    await writeDown(walk, answers.slice(0, half), cursor.replace(/\d+$/, String(answers[half - 1]!.member.contact_id)), 2)
    await writeDown(walk, answers.slice(half), cursor, 2)
  }
}

async function write(walk: Walk, answers: Answer[], cursor: string) {
  const { run, means } = walk
  const [verdicts, progress] = (await means.sql.begin(async sql => {
    const problems = await linkMembers(sql, run, answers.flatMap(foundBy))
    const verdicts = answers.map(answer => verdictOf(answer, problems.get(answer.member.contact_id)))
    const progress = progressOf(walk, verdicts)
    await means.keep(sql, { ...progress, cursor })
    await setStates(sql, run, verdicts.map(rowOf))
    await logFailures(
      sql,
      verdicts.flatMap(verdict => failureOf(walk, verdict)),
    )
    return [verdicts, progress]
  })) as unknown as [Verdict[], ReturnType<typeof progressOf>]
  told(walk, verdicts, progress)
}

/** On the disk, and in the database what it takes: at least the state. */
async function putAside(walk: Walk, answers: Answer[], cursor: string, reason: unknown) {
  const { run, means } = walk
  const verdicts = answers.map(answer => ({ ...verdictOf(answer), state: ASIDE[answeredBy(answer.result)] }))
  means.log.warn(
    { run_id: run.id, members: answers.length, error: reason },
    'The database did not take what a CRM answered; it was kept aside.',
  )
  const entries = verdicts.map(({ error, at, ...verdict }): Aside => {
    const why = error ?? failed('unexpected', `It could not be written down here: ${inWords(reason)}`).error
    return { ...placeOf(walk, verdict.contact_id), error: why, at, state: verdict.state, external_id: verdict.external_id }
  })
  await keepAside(means.config, ...entries)
  for (const { contact_id } of verdicts) walk.aside.add(contact_id)
  const progress = progressOf(walk, verdicts)
  try {
    await means.sql.begin(async sql => {
      await means.keep(sql, { ...progress, cursor })
      await setStates(sql, run, verdicts.map(rowOf))
    })
  } catch (error) {
    if (!isOfDatabase(error)) throw error
  }
  told(walk, verdicts, progress)
}

function told(walk: Walk, verdicts: Verdict[], progress: Pick<Walk, 'done' | 'counts'>) {
  Object.assign(walk, progress)
  const settled = new Map(verdicts.map(({ contact_id, state }) => [contact_id, state]))
  walk.open = walk.open.filter(id => !settled.has(id))
  for (const [contact_id, state] of settled) walk.means.watch?.(contact_id, state)
}

function foundBy({ member, result, at }: Answer): Found[] {
  if (!result.ok) return []
  const { contact_id, link_contact_id } = member
  return [{ contact_id, link_contact_id, ...result.value, at }]
}

/** `problem`: somebody else here has the id that it told. */
function verdictOf({ member, result, at }: Answer, problem?: CrmError): Verdict {
  const { contact_id, state: was } = member
  const error = problem ?? (result.ok ? null : result.error)
  const answered: Answered = problem ? 'UnexpectedResponse' : answeredBy(result)
  const external_id = result.ok ? result.value.external_id : null
  return { contact_id, was, state: WRITTEN[answered], external_id, error, at }
}

function rowOf({ contact_id, state, external_id, error, at }: Verdict) {
  return { contact_id, state, external_id, message: error?.message.slice(0, 2000) ?? null, at: at.toISOString() }
}

function failureOf(walk: Walk, { contact_id, error, at }: Verdict): CrmFailure[] {
  return error === null ? [] : [{ ...placeOf(walk, contact_id), error, at }]
}

export function placeOf({ run, means }: Pick<Walk, 'run' | 'means'>, contact_id: number | null) {
  const { workspace_id, id: run_id, connection_id } = run
  return {
    workspace_id,
    connection_id,
    provider: means.connection.provider.name,
    contact_id,
    run_id,
    operation: 'validate' as const,
  }
}

function progressOf({ done, counts }: Walk, verdicts: Verdict[]) {
  const after = { ...counts }
  for (const { was, state } of verdicts) {
    after[was] = (after[was] ?? 0) - 1
    if (after[was] <= 0) delete after[was]
    after[state] = (after[state] ?? 0) + 1
  }
  return { done: done + verdicts.length, counts: after }
}

/** Anything else that is thrown is ours: somebody has to look. */
function isOfDatabase(error: unknown) {
  return error instanceof postgres.PostgresError || isAway(error)
}

function inWords(error: unknown) {
  return error instanceof Error ? error.message : String(error)
}
