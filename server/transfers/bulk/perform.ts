import type postgres from 'postgres'
import { applyLimits, withLimits } from '../../database/limits.ts'
import { inWorkspace, nameWorkspace } from '../../database/transaction.ts'
import { rowsOf, SOURCES } from '../export/sources.ts'
import type { Step, TransferMeans, TransferRun } from '../transfer.ts'
import type { Action, BulkSettings, Outcome, Target } from './action.ts'
import { actionOf } from './actions.ts'

/** So many at a time: each is a transaction in which the workspace's people wait. */
const CHUNK = 500
const AT_ONCE = 5000

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
  const counts = { ...run.counts }
  let after = run.cursor === null ? await freeze(run, means, settings) : Number(run.cursor)
  while (!means.signal.aborted) {
    const rows = await readRows(means, run, after)
    const last = rows.at(-1)
    if (!last) return { state: 'done' }
    const apply = (sql: postgres.TransactionSql) =>
      act({ sql, workspace_id: run.workspace_id, settings, actor: run.actor, erase: means.erase }, rows)
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

/** All that match now, by their numbers: what comes later is not among them. Those that were chosen by hand stand there already. */
async function freeze(run: TransferRun, means: TransferMeans, { of, query, limits }: BulkSettings): Promise<number> {
  const { workspace_id, id } = run
  const is_there = query === undefined || run.step === 'undo' || (await hasRows(means.sql, workspace_id, id))
  const found = is_there ? [] : await withLimits(limits, () => findAll(means, workspace_id, of, query))
  await means.sql.begin(async tx => {
    await tx`
      insert into bulk_rows (workspace_id, transfer_id, position, record_id)
      select ${workspace_id}, ${id}, position, record_id
        from unnest(${found}::bigint[]) with ordinality as r(record_id, position)`
    const [all] = await tx<{ rows: number }[]>`
      select count(*)::int as rows from bulk_rows where workspace_id = ${workspace_id} and transfer_id = ${id}`
    await means.keep(tx, { total: all!.rows, cursor: '0' })
  })
  return 0
}

async function findAll(
  { database }: TransferMeans,
  workspace_id: number,
  of: BulkSettings['of'],
  query: object,
): Promise<number[]> {
  const { query: asked, columns, list } = SOURCES[of]
  const ids: number[] = []
  await database.app.begin('isolation level repeatable read read only', async sql => {
    await nameWorkspace(sql, workspace_id)
    await applyLimits(sql)
    for await (const rows of rowsOf(sql, workspace_id, { query: asked, columns, list }, { query }, AT_ONCE))
      ids.push(...rows.map(row => row.id))
  })
  return ids
}

async function hasRows(sql: postgres.Sql, workspace_id: number, transfer_id: number) {
  const [row] = await sql`select from bulk_rows where workspace_id = ${workspace_id} and transfer_id = ${transfer_id} limit 1`
  return row !== undefined
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
