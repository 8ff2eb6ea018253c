import { createHash } from 'node:crypto'
import type { Sql } from '../../database/connect.ts'

/** An activity as texts that the database makes: the same row is the same text for good, to the microsecond. */
export type Content = {
  workspace_id: number
  activity_id: number
  at: number
  action: string
  actor_kind: string
  actor_id: string | null
  contact_id: number | null
  visitor_id: number | null
  actor_rest: string
  subject_id: string | null
  before: string | null
  after: string | null
}

/** The columns of a `Content`, of activities as `a`. */
export function contents(sql: Sql) {
  return sql`a.workspace_id, a.id as activity_id, (extract(epoch from a.at) * 1000000)::bigint as at, a.action, a.actor->>'kind' as actor_kind,
             a.actor->>'id' as actor_id, a.contact_id, a.visitor_id, (a.actor - '{kind,id}'::text[])::text as actor_rest, a.subject_id,
             a.before::text as before, a.after::text as after`
}

/** Of what may be personal. Salted, so that whoever has the digest and no salt cannot try out what it was. */
export function digestOf(salt: Uint8Array, { actor_rest, subject_id, before, after }: Content): Buffer {
  return createHash('sha256')
    .update(salt)
    .update(JSON.stringify([actor_rest, subject_id, before, after]))
    .digest()
}

/** A link holds the one before it, its own place, what is not personal, and the digest of the rest. */
export function hashOf(previous: Uint8Array, position: number, content: Content, digest: Uint8Array): Buffer {
  const { workspace_id, activity_id, at, action, actor_kind, actor_id, contact_id, visitor_id } = content
  const plain = JSON.stringify([workspace_id, position, activity_id, at, action, actor_kind, actor_id, contact_id, visitor_id])
  return createHash('sha256').update(previous).update(plain).update(digest).digest()
}
