import Type, { type Static } from 'typebox'
import { Nullable, Time } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'

export const Setup = Type.Object({
  write_key: Nullable(Type.String()),
  public_url: Type.String(),
  snippet: Type.String({ description: 'HTML for the head of each page' }),
  first_event_at: Nullable(Time),
  last_event_at: Nullable(Time),
  events_last_hour: Type.Integer({ description: 'at most 10,000 are counted' }),
  contacts: Type.Integer(),
})
export type Setup = Static<typeof Setup>

/** What somebody needs to send the first event, and whether one came. */
export async function readSetup(sql: Sql, workspace_id: number, public_url: string): Promise<Setup> {
  const [row] = await sql<Omit<Setup, 'public_url' | 'snippet'>[]>`
    select k.write_key, c.first_event_at, c.last_event_at, r.events_last_hour, w.contacts_issued as contacts
      from workspaces w
      left join lateral (
           select prefix as write_key
             from keys
            where workspace_id = ${workspace_id} and kind = 'write' and revoked_at is null
            order by id
            limit 1) k on true
     cross join lateral (
           select min(first_at) as first_event_at, max(last_at) as last_event_at
             from event_counts
            where workspace_id = ${workspace_id}) c
     cross join lateral (
           select count(*) as events_last_hour
             from (select received_at from events where workspace_id = ${workspace_id} order by id desc limit 10000) newest
            where received_at > now() - interval '1 hour') r
     where w.id = ${workspace_id}`
  return { ...row!, public_url, snippet: snippetOf(public_url, row!.write_key) }
}

function snippetOf(public_url: string, write_key: string | null) {
  return `<script async src="${public_url}/throughline.js" data-write-key="${write_key ?? 'WRITE_KEY'}"></script>`
}
