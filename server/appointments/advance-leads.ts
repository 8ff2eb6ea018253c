import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { changeLeads } from '../leads/change.ts'
import { changesOfStatus, readStages } from '../leads/stages.ts'

type Booked = { workspace_id: number; id: number; lead_id: number | null; is_test?: boolean; actor: Actor }

/** The stage of a pipeline that says: there is an appointment. */
const STAGE = 'appointment'

/**
 * Open leads with an appointment come to the stage `appointment` of their pipeline, where it is open and further than the one they are
 * in. Told as what follows from the appointment (`because`).
 */
export async function advanceLeads(sql: postgres.TransactionSql, booked: Booked[]): Promise<void> {
  const of_leads = booked.filter(one => one.lead_id !== null)
  for (const workspace_id of new Set(of_leads.map(one => one.workspace_id))) {
    const own = of_leads.filter(one => one.workspace_id === workspace_id)
    const stages = await readStages(sql, workspace_id)
    const places = new Map(stages.map(({ pipeline_id, key }, k) => [`${pipeline_id} ${key}`, k]))
    const placeOf = (pipeline_id: number, status: string) => places.get(`${pipeline_id} ${status}`) ?? -1
    const isOpen = (pipeline_id: number) =>
      stages.some(stage => stage.pipeline_id === pipeline_id && stage.key === STAGE && stage.kind === 'open')
    for (const { actor, because, ids } of byActor(own)) {
      await changeLeads(
        sql,
        workspace_id,
        ids,
        (lead, k) => {
          const { pipeline_id, status, kind } = lead
          const is_further = isOpen(pipeline_id) && placeOf(pipeline_id, STAGE) > placeOf(pipeline_id, status)
          return kind === 'open' && is_further ? changesOfStatus(stages, lead, { status: STAGE }, k) : {}
        },
        actor,
        { because },
      )
    }
  }
}

/** One change for all that somebody booked at once; what it was caused by is said where it is one appointment. */
function byActor(booked: Booked[]) {
  const groups = new Map<string, Booked[]>()
  for (const one of booked) {
    const name = JSON.stringify(one.actor)
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups.values()].map(group => ({
    actor: group[0]!.actor,
    because: { appointment_ids: group.map(one => one.id) },
    ids: [...new Set(group.map(one => one.lead_id!))],
  }))
}
