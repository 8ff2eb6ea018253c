import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { Ended } from '../../queue/runs.ts'
import { type LogLine, readLog } from '../connectors/log/entry.ts'
import { insist } from '../insist.ts'
import { type CrmFailure, logFailures } from '../log.ts'
import type { OpenConnection } from '../open.ts'
import { type CrmError, failed, mayBeOfAll } from '../result.ts'
import type { Run, RunMeans } from '../runs/run.ts'
import { type Loading, loadEntry, type Outcome } from './entry.ts'
import { tellTheRest } from './rest.ts'

/** Lines with which there is nothing to do are passed over so many at once: to do them again costs nothing. */
const UNKEPT = 100

/**
 * Tells a CRM what the log connector wrote instead, line by line in its order, so that nobody gets an address that somebody else still has
 * over there. What the CRM knows already is not told, so a file may be loaded again. A line that the CRM refuses stands in the log and the
 * next one follows; when the CRM lets nobody in, or says nothing any more, the run ends and goes on at that line when it is resumed.
 */
export async function loadLog(run: Run, means: RunMeans): Promise<Ended> {
  const { sql, connection, keep, signal, pauses } = means
  const file = String(run.settings.file)
  if (connection.provider.name === 'log') return { state: 'failed', error: 'A log is loaded into a CRM, and not into a log.' }
  const from = Number(run.cursor ?? 0)
  const problem = await problemOf(file, from)
  if (problem) return { state: 'failed', error: problem }
  const total = await countLines(file)
  await sql.begin(tx => keep(tx, { total }))

  const loading: Loading = { sql, connection, ask: verb => insist(verb, { signal, pauses }) }
  const progress = { done: run.done, counts: { ...run.counts }, cursor: String(from) }
  let unkept = 0
  for await (const line of readLog(file, from)) {
    const outcome = await outcomeOf(loading, line)
    if (signal.aborted) return { state: 'failed', error: 'It was stopped.' }
    const error = typeof outcome === 'string' ? null : outcome.error
    if (error && (await isOfEverybody(connection, error))) {
      await sql.begin(tx => keep(tx, progress))
      return { state: 'failed', error: `It stopped before byte ${line.offset}: ${error.message}` }
    }
    count(progress, outcome, line)
    if (outcome === 'nothing_new' && ++unkept < UNKEPT) continue
    unkept = 0
    await sql.begin(async tx => {
      await keep(tx, progress)
      if (typeof outcome !== 'string') await logFailures(tx, [failureOf(run, connection, line, outcome)])
    })
  }
  await sql.begin(async tx => {
    await keep(tx, progress)
    await tellTheRest(tx, connection)
  })
  return { state: 'done' }
}

async function problemOf(file: string, from: number): Promise<string | null> {
  try {
    await access(file, constants.R_OK)
    const { size } = await stat(file)
    return size < from ? `${file} is shorter than what was loaded of it. Is it another file? Start a new run.` : null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return `The process that does runs cannot read ${file} (${code}). Put it where the server may read it, and resume.`
  }
}

async function countLines(file: string): Promise<number> {
  let total = 0
  for await (const _ of readLog(file)) total++
  return total
}

function outcomeOf(loading: Loading, line: LogLine): Promise<Outcome> | Outcome {
  return line.entry ? loadEntry(loading, line.entry) : { contact_id: null, ...failed('validation', line.problem) }
}

/** One record may be closed to us, or break the CRM. When it does not answer at all, it is not that line. */
async function isOfEverybody({ manager }: OpenConnection, error: CrmError): Promise<boolean> {
  return mayBeOfAll(error) && !(await manager.getConnection()).ok
}

function count(progress: { done: number; counts: Record<string, number>; cursor: string }, outcome: Outcome, { end }: LogLine) {
  const name = typeof outcome === 'string' ? outcome : 'failed'
  progress.counts[name] = (progress.counts[name] ?? 0) + 1
  progress.done++
  progress.cursor = String(end)
}

function failureOf(
  { workspace_id, id: run_id }: Run,
  { id: connection_id, provider }: OpenConnection,
  line: LogLine,
  { contact_id, error }: Exclude<Outcome, string>,
): CrmFailure {
  const place = line.entry ? `${line.entry.operation} of ${line.entry.at}` : 'a line'
  const message = `${place}, at byte ${line.offset}: ${error.message}`
  const about = { workspace_id, connection_id, provider: provider.name, contact_id, run_id }
  return { ...about, operation: 'load_log', error: { ...error, message } }
}
