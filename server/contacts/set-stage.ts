import type postgres from 'postgres'
import type { Contact, Stage } from '../../shared/contacts.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { foldContacts } from './fold.ts'

/** What somebody said of one contact: how far they are or, with null, that they are where events say. */
export type Said = { stage: Stage | null; at: string; by: Actor }

/** Of whom it was said, when, and what had been said of them before. */
export type SaidOf = { id: number; at: string; before: Said | null }

/** Sets the stage of contacts that the caller holds (hold.ts). Returns those of whom that was news. */
export async function setStages(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  stage: Stage | null,
  actor: Actor,
): Promise<SaidOf[]> {
  const said = sayStage(stage, actor)
  const changed = (await readStands(sql, workspace_id, ids)).filter(one => isNews(one, stage))
  await write(sql, workspace_id, changed.map(one => ({ ...one, said })), actor) // biome-ignore format: one statement
  return changed.map(({ id, own_stage }) => ({ id, at: said.at, before: own_stage }))
}

/** What had been said before holds again, where nobody said anything since. Returns of whom. */
export async function unsetStages(
  sql: postgres.TransactionSql,
  workspace_id: number,
  set: SaidOf[],
  actor: Actor,
): Promise<{ id: number }[]> {
  const by_id = new Map(set.map(one => [one.id, one]))
  const stands = await readStands(sql, workspace_id, [...by_id.keys()])
  const same = stands.filter(({ id, own_stage }) => own_stage?.at === by_id.get(id)!.at)
  await write(sql, workspace_id, same.map(one => ({ ...one, said: by_id.get(one.id)!.before })), actor) // biome-ignore format: one statement
  return same
}

/** Whether it says anything new. Where events have brought somebody already, nobody has to say it. */
export function isNews({ stage, stage_by_hand }: Pick<Contact, 'stage' | 'stage_by_hand'>, said: Stage | null): boolean {
  return said === null ? stage_by_hand !== null : said !== stage
}

/** By the clock by which events arrive. Whoever asks holds the workspace's identity lock, so all that counts before it is stored. */
export function sayStage(stage: Stage | null, by: Actor): Said {
  return { stage, at: new Date().toISOString(), by }
}

type Stands = Pick<Contact, 'id' | 'stage' | 'stage_by_hand'> & { own_stage: Said | null }

function readStands(sql: postgres.TransactionSql, workspace_id: number, ids: number[]) {
  return sql<Stands[]>`
    select id, stage, stage_by_hand, own_stage from contacts where workspace_id = ${workspace_id} and id = any(${ids}::int[])`
}

async function write(
  sql: postgres.TransactionSql,
  workspace_id: number,
  words: (Stands & { said: Said | null })[],
  actor: Actor,
) {
  if (words.length === 0) return
  await sql`
    update contacts c
       set own_stage = r.said,
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', c.updated_at) + interval '1 ms')
      from jsonb_to_recordset(${JSON.stringify(words)}::text::jsonb) as r(id int, said jsonb)
     where c.workspace_id = ${workspace_id} and c.id = r.id`
  await recordActivities(
    sql,
    workspace_id,
    words.map(({ id, stage_by_hand, said }) => ({
      action: 'contact.updated',
      actor,
      contact_id: id,
      before: { stage_by_hand: stage_by_hand?.stage ?? null },
      after: { stage_by_hand: said?.stage ?? null },
    })),
  )
  await foldContacts(sql, words.map(({ id }) => ({ workspace_id, contact_id: id })), actor) // biome-ignore format: one statement
}
