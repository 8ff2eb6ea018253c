import type postgres from 'postgres'
import { LEAD_KINDS, type LeadKind, type LeadsQuery } from '../../shared/leads.ts'
import type { Sql } from '../database/connect.ts'
import { holdsCustom, valuesWith } from '../fields/ask.ts'
import { type Asked, readQuery } from '../fields/read-query.ts'
import { ofUser } from './board.ts'

type Fragment = postgres.Fragment

/**
 * The conditions of a list, on a row of `leads`. `lead`: the one by which the newest are found in order, as each of these has an index
 * of its own. The stage comes first, because it alone depends on age (what is open lies together), and then what is usually rare.
 * `span`: when they were made. `others`: asked of each lead that is looked at; `own`: of its fields of one's own, and as what collects all.
 * `kinds`: those that can match.
 */
export type Filters = {
  lead: Fragment | undefined
  span: Fragment | undefined
  others: Fragment[]
  own: Search[]
  kinds: readonly LeadKind[]
}

export async function filtersOf(sql: Sql, workspace_id: number, query: Omit<LeadsQuery, 'q' | 'contact_id'>): Promise<Filters> {
  const is = (column: string, value: string | number | undefined) =>
    value === undefined ? [] : [sql`and ${sql(column)} = ${value}`]
  const [lead, ...rest] = [
    ...(query.is_test === true ? [sql`and is_test`] : []),
    ...is('status', query.status),
    ...is('kind', query.kind),
    ...is('provider_id', query.provider_id),
    ...is('webhook_id', query.webhook_id),
    ...(query.campaign === undefined
      ? []
      : [sql`and case when campaign is null then campaign_id else campaign end = ${query.campaign}`]),
    ...is('product', query.product),
    ...is('state', query.state),
    ...(query.assigned_to === undefined ? [] : [ofUser(sql, query.assigned_to)]),
    ...is('source', query.source),
    ...is('lead_type', query.lead_type),
  ]
  const others = [
    ...rest,
    ...is('priority', query.priority),
    ...is('pipeline_id', query.pipeline_id),
    ...(query.is_test === false ? [sql`and not is_test`] : []),
    ...(query.follow_up === undefined ? [] : [sql`and follow_up_at <= now() and kind = 'open'`]),
  ]
  const since = query.since === undefined ? sql`` : sql`and created_at >= ${query.since}`
  const until = query.until === undefined ? sql`` : sql`and created_at < ${query.until}`
  const span = query.since === undefined && query.until === undefined ? undefined : sql`${since} ${until}`
  const own = (await readQuery(sql, workspace_id, 'lead', query)).map(asked => ofField(sql, workspace_id, asked))
  return { lead, span, others, own, kinds: await kindsOf(sql, workspace_id, query) }
}

async function kindsOf(sql: Sql, workspace_id: number, { kind, follow_up, status }: LeadsQuery): Promise<readonly LeadKind[]> {
  if (kind !== undefined) return [kind]
  if (follow_up !== undefined) return ['open']
  if (status === undefined) return LEAD_KINDS
  const rows = await sql<{ kind: LeadKind }[]>`
    select distinct kind from pipeline_stages where workspace_id = ${workspace_id} and key = ${status}`
  return rows.map(row => row.kind)
}

export type Search = { asked: Fragment; collected: Fragment }

/** By the index of values where that finds few. */
function ofField(sql: Sql, workspace_id: number, { field, question }: Asked): Search {
  const asked = sql`and ${holdsCustom(sql, 'l', question)}`
  const values = valuesWith(sql, workspace_id, field, question)
  return { asked, collected: values ? sql`and id in (${values})` : asked }
}

/**
 * Whose contact has all the words, by a name, an e-mail, a phone or a user id; as a question about one lead, and as what collects all.
 * A contact that was merged is found by both names.
 */
export function searchOf(sql: Sql, workspace_id: number, words: Fragment[]): Search {
  const search = sql`select contact_id from contact_search where workspace_id = ${workspace_id} ${words}`
  // `offset 0` keeps the planner from turning the question about one row into a search for all.
  return {
    asked: sql`
       and exists (
             select
               from contacts o
              where o.workspace_id = ${workspace_id} and o.id = l.contact_id
                and exists (${search} and contact_id in (o.id, o.merged_into) offset 0)
             offset 0)`,
    collected: sql`
       and contact_id in (
             with found as materialized (${search})
             select contact_id from found
              union all
             select o.id
               from found f
               join contacts o on o.workspace_id = ${workspace_id} and o.merged_into = f.contact_id)`,
  }
}
