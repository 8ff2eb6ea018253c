import type postgres from 'postgres'
import type { LeadType } from '../../../../shared/lead-types.ts'
import { erasedSince } from '../../../contacts/erased.ts'
import { type Matcher, type Person, readMatches } from '../../../contacts/match.ts'
import { leadNumber } from '../../../contacts/number.ts'
import type { LeadRow } from '../../../leads/change.ts'
import { readStages, type StageRow } from '../../../leads/stages.ts'
import { readLeadTypes } from '../../../leads/types.ts'
import { type Found, findLeads } from './find-leads.ts'
import type { LeadMeans } from './open.ts'
import { personOf } from './person.ts'
import type { LeadSays } from './read-lead.ts'

/** A lead as the rows so far leave it. */
export type Draft = {
  lead: LeadRow
  /** Of one that is new, what is said once: it is made of its first row. */
  made?: { says: LeadSays; owner: number | null | undefined; contact_owner: number | null }
  is_changed: boolean
  contact: Found['contact']
}

/** What is known in a batch, and what of it is different since it was read. */
export type LeadDesk = LeadMeans & {
  matcher: Matcher
  erased: Set<string>
  types: Map<string, LeadType>
  pipelines: { id: number; name: string; is_default: boolean }[]
  stages: StageRow[]
  by_id: Map<number, Draft>
  /** Of other systems' ids: two leads may have one, of two of them. */
  by_external: Map<string, Draft[]>
  now: number
  next_id: () => number
}

/** Six statements for any number of rows. */
export async function readDesk(sql: postgres.TransactionSql, says: LeadSays[], means: LeadMeans): Promise<LeadDesk> {
  const { workspace_id, how, digest, since } = means
  const now = Date.now()
  const people = says.map(one => personOf(one, workspace_id, now))
  const values = people.flatMap(({ email, phone, user_id }) => [email, phone, user_id].filter(value => value !== null))
  const ids = how.by === 'id' ? says.flatMap(({ id }) => id ?? []) : []
  const external = how.by === 'external_id' ? [...new Set(says.flatMap(({ external_id }) => external_id ?? []))] : []
  const [matcher, erased, found, types, pipelines, stages, [issued]] = await Promise.all([
    readMatches(sql, people satisfies Person[]),
    erasedSince(sql, digest, workspace_id, values, since),
    findLeads(sql, workspace_id, ids, external),
    readLeadTypes(sql, [workspace_id]),
    sql<LeadDesk['pipelines']>`select id, name, is_default from pipelines where workspace_id = ${workspace_id}`,
    readStages(sql, workspace_id),
    sql<{ leads: number; salt: number }[]>`
      select leads_issued as leads, contact_salt as salt from workspaces where id = ${workspace_id}`,
  ])
  const drafts = found.map(({ lead, contact, external_id }): [Draft, string | null] => [
    { lead, contact, is_changed: false },
    external_id,
  ])
  const by_external: LeadDesk['by_external'] = new Map()
  for (const [draft, id] of drafts) if (id !== null) by_external.set(id, [...(by_external.get(id) ?? []), draft])
  let { leads } = issued!
  return {
    ...means,
    matcher,
    erased,
    types: types.get(workspace_id)!,
    pipelines,
    stages,
    by_id: new Map(drafts.map(([draft]) => [draft.lead.id, draft])),
    by_external,
    now,
    next_id: () => leadNumber(leads++, issued!.salt),
  }
}
