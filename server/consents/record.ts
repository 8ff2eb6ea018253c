import type postgres from 'postgres'
import { ANALYTICS, type ConsentSource } from '../../shared/consents.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordEverywhere } from '../activities/record.ts'

/** What somebody allowed or not: a contact, or a visitor, whose contact is named as well when it has one. */
export type SaidConsent = {
  workspace_id: number
  contact_id: number | null
  visitor_id: number | null
  purpose: string
  granted: boolean
  source: ConsentSource
  text_version: string | null
  /** The words themselves, where they have no version. */
  text?: string | null
  said_at: number // ms
  actor: Actor
}

/**
 * Adds what was said. What a contact or a device said last itself is not said again in the same words (a banner says it on every page), unless a
 * contact says what does not hold any more, because one of its devices said otherwise since. A purpose that the workspace does not have is
 * left out. What is heard of late and was outweighed since, by the contact, one of its devices or later words beside it here, is told as noted, as
 * nothing else holds now.
 */
export async function recordConsents(sql: postgres.TransactionSql, said: SaidConsent[]): Promise<void> {
  if (said.length === 0) return
  const news = await sql<(SaidConsent & { was: boolean | null; is_late: boolean })[]>`
    with news as (
      select s.*, p.id as purpose_id, case when s.visitor_id is null then c.granted else h.granted end as was,
             coalesce(greatest(h.said_at, c.said_at) > to_timestamp(s.said_at / 1000.0), false)
               or s.said_at < max(s.said_at) over (partition by s.workspace_id, p.id, s.contact_id,
                                                                case when s.contact_id is null then s.visitor_id end) as is_late
        from rows from (jsonb_to_recordset(${JSON.stringify(said)}::text::jsonb) as (
             workspace_id int, contact_id int, visitor_id bigint, purpose text, granted boolean, source text, text_version text,
             text text, said_at float8, actor jsonb)) with ordinality
          as s(workspace_id, contact_id, visitor_id, purpose, granted, source, text_version, text, said_at, actor, n)
        join consent_purposes p on p.workspace_id = s.workspace_id and p.name = s.purpose
        left join lateral consent_of(s.workspace_id, s.contact_id, p.id) c on true
        left join lateral (
          select * from consents k
           where k.workspace_id = s.workspace_id and k.visitor_id = s.visitor_id and k.purpose_id = p.id
             and s.visitor_id is not null
           union all
          select * from consents k
           where k.workspace_id = s.workspace_id and k.contact_id = s.contact_id and k.purpose_id = p.id
             and s.visitor_id is null
           order by said_at desc, id desc
           limit 1) h on true
       where (h.granted, h.text_version, h.text) is distinct from (s.granted, s.text_version, s.text)
          or (s.visitor_id is null and c.granted <> s.granted and to_timestamp(s.said_at / 1000.0) > h.said_at)
    ), added as (
      insert into consents (workspace_id, purpose_id, contact_id, visitor_id, granted, source, text_version, text, said_at)
      select workspace_id, purpose_id, case when visitor_id is null then contact_id end, visitor_id, granted, source, text_version, text,
             to_timestamp(said_at / 1000.0)
        from news
       order by n
    )
    select workspace_id, contact_id, visitor_id, purpose, granted, source, text_version, actor, was, is_late from news order by n`
  const denied = news.filter(({ purpose, granted }) => purpose === ANALYTICS && !granted).map(one => one.workspace_id)
  if (denied.length > 0)
    await sql`update workspaces set analytics_denied = true where id = any(${denied}::int[]) and not analytics_denied`
  await recordEverywhere(
    sql,
    news.map(({ workspace_id, contact_id, visitor_id, purpose, granted, source, text_version, actor, was, is_late }) => ({
      ...(is_late ? { action: 'consent.noted', before: null } : { action: 'consent.changed', before: { granted: was } }),
      workspace_id,
      actor,
      contact_id,
      visitor_id,
      after: { purpose, granted, source, text_version },
    })),
  )
}
