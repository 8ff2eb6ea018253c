import type postgres from 'postgres'
import type { Pipeline, PipelineCreate, PipelineUpdate, Stage, StageGiven } from '../../shared/pipelines.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'

/** All of a workspace, the default one first. */
export async function listPipelines(sql: Sql, workspace_id: number): Promise<{ data: Pipeline[] }> {
  return { data: await readPipelines(sql, workspace_id) }
}

/** Throws `not_found`. */
export async function findPipeline(sql: Sql, workspace_id: number, id: number): Promise<Pipeline> {
  const pipeline = (await readPipelines(sql, workspace_id)).find(one => one.id === id)
  if (!pipeline) throw refuse('not_found')
  return pipeline
}

export async function createPipeline(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, stages = FIRST, is_default = false }: PipelineCreate,
  actor: Actor,
): Promise<Pipeline> {
  await lockIdentity(sql, [workspace_id])
  const rows = stagesOf([], stages)
  if (is_default) await noDefault(sql, workspace_id)
  const [made] = await sql<{ id: number }[]>`
    insert into pipelines (workspace_id, name, is_default) values (${workspace_id}, ${name}, ${is_default}) returning id`
  await writeStages(sql, workspace_id, made!.id, rows)
  await recordActivities(sql, workspace_id, [
    { action: 'pipeline.created', actor, subject_id: made!.id, after: { name, is_default, stages: rows } },
  ])
  return findPipeline(sql, workspace_id, made!.id)
}

/** Changes what is given. Stages are given as a whole, with the keys of those that stay. Throws `in_use`, `conflict`, `invalid_fields`. */
export async function editPipeline(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, name, stages, is_default }: PipelineUpdate,
  actor: Actor,
): Promise<Pipeline> {
  await lockIdentity(sql, [workspace_id])
  const before = await findPipeline(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  if (before.is_default && is_default === false) {
    throw refuse('invalid_fields', { fields: { is_default: 'must be true for one: make another pipeline the default instead' } })
  }
  const had = before.stages.map(plain)
  const rows = stages === undefined ? had : stagesOf(had, stages)
  await requireUnused(
    sql,
    workspace_id,
    id,
    had.filter(stage => !rows.some(row => row.key === stage.key && row.kind === stage.kind)),
  )
  const after = { name: name ?? before.name, is_default: is_default ?? before.is_default, stages: rows }
  const changes = changesOf({ name: before.name, is_default: before.is_default, stages: had }, after)
  if (Object.keys(changes.after).length === 0) return before
  if (after.is_default && !before.is_default) await noDefault(sql, workspace_id)
  await sql`
    update pipelines
       set name = ${after.name}, is_default = ${after.is_default},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  await writeStages(sql, workspace_id, id, rows)
  await recordActivities(sql, workspace_id, [{ action: 'pipeline.updated', actor, subject_id: id, ...changes }])
  return findPipeline(sql, workspace_id, id)
}

/** Throws `in_use` while leads stand in it, a webhook puts leads into it, or it is the default. */
export async function removePipeline(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<void> {
  await lockIdentity(sql, [workspace_id])
  const before = await findPipeline(sql, workspace_id, id)
  if (before.is_default) throw refuse('in_use', { message: 'This is the default pipeline. Make another one the default first.' })
  const [webhook] = await sql<{ name: string }[]>`
    select name from intake_webhooks where workspace_id = ${workspace_id} and pipeline_id = ${id} and deleted_at is null limit 1`
  if (webhook)
    throw refuse('in_use', { message: `The intake webhook ${webhook.name} puts leads into this pipeline. Change it first.` })
  const stages = before.stages.map(plain)
  await requireUnused(sql, workspace_id, id, stages)
  await sql`delete from pipelines where workspace_id = ${workspace_id} and id = ${id}`
  await sql`delete from stage_counts where workspace_id = ${workspace_id} and pipeline_id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'pipeline.deleted', actor, subject_id: id, before: { name: before.name, is_default: false, stages } },
  ])
}

type Row = Pick<Stage, 'key' | 'name' | 'kind'>

/** As `add_first_pipeline` has them. */
const FIRST: StageGiven[] = [
  { name: 'New' },
  { name: 'Contacted' },
  { name: 'Qualified' },
  { name: 'Appointment' },
  { name: 'Proposal' },
  { name: 'Won', kind: 'won' },
  { name: 'Lost', kind: 'lost' },
]

function readPipelines(sql: Sql, workspace_id: number): Promise<Pipeline[]> {
  return sql<Pipeline[]>`
    select p.id, p.name, p.is_default, p.created_at, p.updated_at,
           (select json_agg(json_build_object('key', s.key, 'name', s.name, 'kind', s.kind, 'leads', coalesce((
                     select sum(c.leads)
                       from stage_counts c
                      where c.workspace_id = p.workspace_id and c.pipeline_id = p.id and c.status = s.key), 0)) order by s.position)
              from pipeline_stages s
             where s.workspace_id = p.workspace_id and s.pipeline_id = p.id) as stages
      from pipelines p
     where p.workspace_id = ${workspace_id}
     order by not p.is_default, p.name, p.id`
}

/** Each with a key: its own, or one made of its name. */
function stagesOf(before: Row[], given: StageGiven[]): Row[] {
  const rows: Row[] = []
  const taken = new Set(given.flatMap(stage => stage.key ?? []))
  for (const { key, name, kind } of given) {
    const known = before.find(stage => stage.key === key)
    const own = key ?? freeKey(name, taken)
    taken.add(own)
    if (rows.some(row => row.key === own)) throw refuse('invalid_fields', { fields: { stages: `${own} is there twice` } })
    rows.push({ key: own, name: name.trim() || own, kind: kind ?? known?.kind ?? 'open' })
  }
  if (!rows.some(row => row.kind === 'open')) {
    throw refuse('invalid_fields', { fields: { stages: 'must have an open one, where new leads come in' } })
  }
  return rows
}

function freeKey(name: string, taken: Set<string>): string {
  const bare = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const key =
    bare
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40) || 'stage'
  for (let n = 1; ; n++) {
    const numbered = n === 1 ? key : `${key}_${n}`
    if (!taken.has(numbered)) return numbered
  }
}

/** Stages that are taken away or get another kind. The index of the board finds the first lead of each. */
async function requireUnused(sql: Sql, workspace_id: number, pipeline_id: number, stages: Row[]) {
  const [stage] = await sql<{ key: string }[]>`
    select k.key
      from unnest(${stages.map(one => one.key)}::text[]) as k(key)
     where exists (select from leads where workspace_id = ${workspace_id} and pipeline_id = ${pipeline_id} and status = k.key)
     limit 1`
  if (!stage) return
  const { name } = stages.find(one => one.key === stage.key)!
  throw refuse('in_use', { message: `Leads stand in the stage ${name}. Move them to another stage first.` })
}

async function writeStages(sql: Sql, workspace_id: number, pipeline_id: number, rows: Row[]) {
  await sql`
    delete from pipeline_stages
     where workspace_id = ${workspace_id} and pipeline_id = ${pipeline_id} and key <> all(${rows.map(row => row.key)}::text[])`
  await sql`
    insert into pipeline_stages (workspace_id, pipeline_id, key, name, position, kind)
    select ${workspace_id}, ${pipeline_id}, key, name, position, kind
      from unnest(${rows.map(row => row.key)}::text[], ${rows.map(row => row.name)}::text[], ${rows.map(row => row.kind)}::text[])
        with ordinality as s(key, name, kind, position)
        on conflict (workspace_id, pipeline_id, key) do update
       set name = excluded.name, position = excluded.position, kind = excluded.kind`
}

/** There is one, so the former one steps back first. */
async function noDefault(sql: Sql, workspace_id: number) {
  await sql`update pipelines set is_default = false where workspace_id = ${workspace_id} and is_default`
}

function plain({ key, name, kind }: Stage): Row {
  return { key, name, kind }
}

function changesOf(before: Record<string, unknown>, after: Record<string, unknown>) {
  const names = Object.keys(after).filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  return {
    before: Object.fromEntries(names.map(name => [name, before[name]])),
    after: Object.fromEntries(names.map(name => [name, after[name]])),
  }
}
