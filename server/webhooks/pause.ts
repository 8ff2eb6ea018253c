import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { sendMail } from '../mail/mail.ts'
import { administrators } from '../workspaces/administrators.ts'
import { tidy } from './tidy.ts'
import { callWorkers, endpointsOf, lockTurns, type Place, workspacesOf } from './turns.ts'

export type Pausing = Place & {
  /** gone: it answered 410; failing: nothing reached it for days. Of these two the administrators of the workspace are told. */
  by: 'person' | 'gone' | 'failing'
  /** A sentence for who reads why. */
  reason: string
}

type Paused = Place & { name: string; url: string; by: Pausing['by']; reason: string }

/**
 * Pauses endpoints: nothing more is sent, what waits is held. Returns those that were active; others stay as they are. In the
 * caller's transaction; of a pause that no person asked for only the system's role can write the mails.
 */
export async function pauseEndpoints(sql: Sql, pausings: readonly Pausing[], actor: Actor): Promise<Place[]> {
  await lockTurns(sql, pausings)
  const paused = await sql<Paused[]>`
    update endpoints e
       set state = 'paused', paused_by = p.by, paused_reason = p.reason, paused_at = now(), updated_at = now()
      from unnest(${workspacesOf(pausings)}::int[], ${endpointsOf(pausings)}::int[], ${pausings.map(pausing => pausing.by)}::text[],
                  ${pausings.map(pausing => pausing.reason)}::text[]) as p (workspace_id, endpoint_id, by, reason)
     where e.workspace_id = p.workspace_id and e.id = p.endpoint_id and e.state = 'active' and e.deleted_at is null
    returning e.workspace_id, e.id as endpoint_id, e.name, e.url, p.by, p.reason`
  if (paused.length === 0) return []
  await tidy(sql, paused)
  // What is too much for one moment is held by the worker when it is the endpoint's turn.
  await sql`
    update endpoint_turns t
       set due_at = case when exists (
             select
               from deliveries d
              where d.workspace_id = t.workspace_id and d.endpoint_id = t.endpoint_id and d.state = 'queued') then now() end
      from unnest(${workspacesOf(paused)}::int[], ${endpointsOf(paused)}::int[]) as p (workspace_id, endpoint_id)
     where t.workspace_id = p.workspace_id and t.endpoint_id = p.endpoint_id`
  for (const workspace_id of new Set(workspacesOf(paused)))
    await tell(
      sql,
      workspace_id,
      paused.filter(endpoint => endpoint.workspace_id === workspace_id),
      actor,
    )
  await callWorkers(sql, paused)
  return paused.map(({ workspace_id, endpoint_id }) => ({ workspace_id, endpoint_id }))
}

async function tell(sql: Sql, workspace_id: number, paused: Paused[], actor: Actor) {
  await recordActivities(
    sql,
    workspace_id,
    paused.map(({ endpoint_id, name, by, reason }) => ({
      action: 'endpoint.paused',
      actor,
      subject_id: endpoint_id,
      before: { state: 'active' },
      after: { state: 'paused', name, paused_by: by, reason },
    })),
  )
  const unasked = paused.filter(({ by }) => by !== 'person')
  if (unasked.length === 0) return
  const recipients = await administrators(sql, workspace_id)
  await sendMail(
    sql,
    workspace_id,
    unasked.flatMap(endpoint =>
      recipients.map(to => ({
        to,
        subject: `Webhooks to ${endpoint.name} are paused`,
        body: letterAbout(endpoint),
        about: `endpoint ${endpoint.endpoint_id}`,
      })),
    ),
  )
}

function letterAbout({ name, url, reason }: Paused): string {
  return [
    `The webhook endpoint "${name}" was paused.`,
    `It sends to ${new URL(url).origin}.`,
    '',
    reason,
    '',
    'Nothing more is sent to it, and nothing is lost: what happens meanwhile is held. When the receiver works again, open Webhooks,',
    'Endpoints in Throughline, press Test, and then Activate. You choose there whether what was held is sent or dropped, and whether',
    'what was given up before the pause is sent again.',
  ].join('\n')
}
