import type postgres from 'postgres'
import { inWorkspace } from '../../database/transaction.ts'
import type { Step, TransferMeans, TransferRun } from '../transfer.ts'
import type { Action, BulkSettings, Outcome, Target } from './action.ts'
import { actionOf } from './actions.ts'
import { mayBulk } from './may.ts'
import { prepare } from './prepare.ts'

/** So many at a time: each is a transaction in which the workspace's people wait. */
const CHUNK = 500

/** Does it with all records, from where it stands. */
export const writeBulk: Step = (run, means) => perform(run, means, action => action.apply)

/** Says what would become of each, by doing it and taking it back; then somebody says whether it begins. */
export const checkBulk: Step = async (run, means) => {
  const ended = await perform(run, means, action => action.apply, { dry: true })
  return ended.state === 'done' ? { state: 'waiting' } : ended
}

export const undoBulk: Step = (run, means) => perform(run, means, action => action.revert!)

type Way = (action: Action) => Action['apply']

async function perform(run: TransferRun, means: TransferMeans, way: Way, { dry = false } = {}): ReturnType<Step> {
  const settings = run.settings as BulkSettings
  const act = way(actionOf(settings))
  const { only_of, limits } = mayBulk(means.doer, settings)
  const counts = { ...run.counts }
  if (run.cursor === null) await prepare(run, means, limits)
  let after = Number(run.cursor ?? 0)
  while (!means.signal.aborted) {
    const rows = await readRows(means, run, after)
    const last = rows.at(-1)
    if (!last) return { state: 'done' }
    const apply = (sql: postgres.TransactionSql) =>
      act({ sql, workspace_id: run.workspace_id, settings, only_of, actor: run.actor, erase: means.erase }, rows)
    const keep = async (sql: postgres.TransactionSql, outcomes: Outcome[]) => {
      for (const { state } of outcomes) counts[state] = (counts[state] ?? 0) + 1
      await writeOutcomes(sql, run, rows, outcomes)
      await means.keep(sql, { done: last.position, counts, cursor: String(last.position) })
    }
    await inWorkspace(means.database, run.workspace_id, async sql => {
      const outcomes = dry ? await tried(sql, apply) : await apply(sql)
      await keep(sql, outcomes)
    })
    after = last.position
  }
  return { state: 'done' }
}

/** What it comes to, without leaving anything of it behind. */
async function tried(
  sql: postgres.TransactionSql,
  apply: (sql: postgres.TransactionSql) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  let outcomes: Outcome[] = []
  const taken_back = new Error('taken back')
  await sql
    .savepoint(async inner => {
      outcomes = await apply(inner)
      throw taken_back
    })
    .catch((error: unknown) => {
      if (error !== taken_back) throw error
    })
  return outcomes
}

function readRows({ sql }: TransferMeans, { workspace_id, id }: TransferRun, after: number) {
  return sql<(Target & { position: number })[]>`
    select position, record_id as id, before
      from bulk_rows
     where workspace_id = ${workspace_id} and transfer_id = ${id} and position > ${after}
     order by position
     limit ${CHUNK}`
}

async function writeOutcomes(
  sql: postgres.TransactionSql,
  { workspace_id, id: transfer_id }: TransferRun,
  rows: { position: number; id: number }[],
  outcomes: Outcome[],
) {
  const positions = new Map(rows.map(({ id, position }) => [id, position]))
  const written = outcomes.map(({ id, ...outcome }) => ({ ...outcome, position: positions.get(id) }))
  await sql`
    update bulk_rows b
       set state = o.state, reason = o.reason, before = coalesce(o.before, b.before)
      from jsonb_to_recordset(${JSON.stringify(written)}::text::jsonb) as o(position int, state text, reason text, before jsonb)
     where b.workspace_id = ${workspace_id} and b.transfer_id = ${transfer_id} and b.position = o.position`
}
