import type { Changes, LeadRow } from '../../../leads/change.ts'
import { assigned, withValues } from '../../../leads/edit.ts'
import { readFields } from '../../../leads/fields.ts'
import { changesOfStatus } from '../../../leads/stages.ts'
import type { LeadDesk } from './desk.ts'
import type { LeadSays } from './read-lead.ts'

/** What a row names, found. */
export type Wish = { lead_type?: string; pipeline_id?: number; status?: string; assigned_to?: number | null | undefined }

type Known = Pick<LeadDesk, 'types' | 'pipelines' | 'stages' | 'members' | 'how'>

/** Types, pipelines, stages and people, by their names, keys and ids. */
export function wishOf(says: LeadSays, lead: LeadRow | undefined, known: Known): Wish | { wrong: string } {
  const wish: Wish = {}
  const { lead_type, owner } = says
  if (lead_type !== undefined) {
    const key = lead_type === lead?.lead_type ? lead_type : typeOf(lead_type, known)
    if (key === undefined) return { wrong: `type: ${lead_type} is no type of lead` }
    wish.lead_type = key
  }
  if (says.pipeline !== undefined || says.status !== undefined) {
    const stage = stageOf(says, lead, known)
    if ('wrong' in stage) return stage
    Object.assign(wish, stage)
  }
  const reason = says.details.lost_reason?.value
  const kind = wish.status === undefined ? (lead?.kind ?? 'open') : kindOf(wish, known)
  if (reason && kind !== 'lost') return { wrong: 'the reason of a loss is for a stage of the kind lost' }
  if (owner !== undefined) {
    // Who does not work here any more still has what they had.
    const user = owner === null || owner === String(lead?.assigned_to) ? (lead?.assigned_to ?? null) : known.members.get(owner)
    if (user === undefined) return { wrong: `owner: ${owner} is not a user of this workspace` }
    wish.assigned_to = owner === null ? null : user
  }
  if (says.details.is_test && lead && lead.conversion_count > 0 && lead.is_test !== says.details.is_test.value)
    return { wrong: 'has conversions: void them first, then say whether it is a test' }
  return wish
}

/** One that nobody has set up is a type too, as of webhooks: it has no fields of its own. */
function typeOf(text: string, { types }: Known): string | undefined {
  const lower = text.toLowerCase()
  const named = [...types.values()].find(({ key, name }) => key === lower || name.toLowerCase() === lower)
  return named?.key ?? (/^[a-z0-9_]{1,50}$/.test(text) ? text : undefined)
}

/** Of a pipeline without a stage: the one of the same key, or its first. */
function stageOf(says: LeadSays, lead: LeadRow | undefined, { pipelines, stages }: Known) {
  const name = says.pipeline?.toLowerCase()
  const pipeline =
    name === undefined
      ? pipelines.find(({ id, is_default }) => (lead ? id === lead.pipeline_id : is_default))
      : (pipelines.find(({ id }) => String(id) === name) ?? pipelines.find(one => one.name.toLowerCase() === name))
  if (!pipeline) return { wrong: `pipeline: ${says.pipeline} is none of this workspace` }
  const own = stages.filter(({ pipeline_id }) => pipeline_id === pipeline.id)
  const wanted = says.status?.toLowerCase()
  const stage =
    wanted === undefined
      ? (own.find(({ key }) => key === lead?.status) ?? own.find(({ kind }) => kind === 'open'))
      : (own.find(({ key }) => key === wanted) ?? own.find(one => one.name.toLowerCase() === wanted))
  if (!stage) return { wrong: `stage: ${says.status} is none of ${own.map(one => one.name).join(', ')}`.slice(0, 500) }
  return { pipeline_id: pipeline.id, status: stage.key }
}

function kindOf({ pipeline_id, status }: Wish, { stages }: Known) {
  return stages.find(one => one.pipeline_id === pipeline_id && one.key === status)!.kind
}

/** By the columns of the lead; some of it may be there already. */
export function changesOf(lead: LeadRow, says: LeadSays, wish: Wish, { stages, types }: Known): Changes {
  const { lost_reason, ...details } = says.details
  const changes: Changes = Object.fromEntries(
    // A value that stands in the file as it stands here is no change, however it would be read.
    Object.entries(details).map(([name, { raw, value }]) => [name, raw === lead[name as 'source'] ? raw : value]),
  )
  const type = types.get(wish.lead_type ?? String(lead.lead_type))
  if (Object.keys(says.fields).length > 0)
    changes.fields = readFields(type?.fields ?? [], withValues({ ...lead.fields, ...says.fields })).fields
  if (Object.keys(says.custom).length > 0) changes.custom = withValues({ ...lead.custom, ...says.custom })
  if (wish.lead_type !== undefined) changes.lead_type = wish.lead_type
  const { pipeline_id = lead.pipeline_id, status = lead.status } = wish
  const moved =
    wish.status === undefined && lost_reason === undefined
      ? {}
      : changesOfStatus(stages, lead, {
          pipeline_id,
          status,
          ...(lost_reason && { lost_reason: lost_reason.value as string | null }),
        })
  const is_closed = moved.closed_at instanceof Date
  return {
    ...changes,
    ...assigned(lead, wish.assigned_to),
    ...moved,
    ...(is_closed && says.closed_at !== null ? { closed_at: new Date(says.closed_at) } : {}),
  }
}
