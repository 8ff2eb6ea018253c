import type { KeyObject } from 'node:crypto'
import type { ATTEMPT_SCHEDULES, FieldMap } from '../../shared/webhooks.ts'
import type { Sql } from '../database/connect.ts'
import { unseal } from '../secrets.ts'
import { type Header, unsealHeaders } from './headers.ts'
import { delaysOf } from './retry.ts'
import { keyOfSecret } from './sign.ts'
import type { Place } from './turns.ts'

/** What a worker must know of an endpoint, with its secrets opened. */
export type Target = {
  /** False when it is paused or deleted. */
  sends: boolean
  url: string
  headers: Header[]
  /** Of the secrets that sign, the newest first; `until` in milliseconds of the clock. */
  keys: { key: KeyObject; until: number }[]
  /** Why nothing can be sent, in a sentence; null when all is well. */
  problem: string | null
  field_map: FieldMap | null
  /** Of the address and the field map. */
  version: number
  /** Of contacts who denied it, nothing is sent. */
  purpose: string | null
  /** Deliveries a minute. */
  rate_limit: number | null
  /** Seconds. */
  delays: readonly number[]
}

/** As the database has it. */
export type TargetRow = Place & {
  sends: boolean
  url: string
  headers: string | null
  field_map: FieldMap | null
  version: number
  purpose: string | null
  rate_limit: number | null
  attempt_schedule: (typeof ATTEMPT_SCHEDULES)[number]
  attempt_delays: number[] | null
  secrets: { secret: string; until: number | null }[]
}

/** The columns of a TargetRow; `endpoints` is named e where they are used. */
export function targetColumns(sql: Sql) {
  return sql`
    e.workspace_id, e.id as endpoint_id, e.state = 'active' and e.deleted_at is null as sends, e.url, e.headers, e.field_map,
    e.version, e.purpose, e.rate_limit, e.attempt_schedule, e.attempt_delays,
    (select coalesce(jsonb_agg(jsonb_build_object('secret', s.secret, 'until', extract(epoch from s.expires_at) * 1000)
                               order by s.id desc), '[]')
       from endpoint_secrets s
      where s.workspace_id = e.workspace_id and s.endpoint_id = e.id and (s.expires_at is null or s.expires_at > now())) as secrets`
}

/** Opens what is sealed. What cannot be opened is a problem of the endpoint, which its log will show. */
export function openTarget(key: Buffer, row: TargetRow): Target {
  const { workspace_id, endpoint_id, sends, url, field_map, version, purpose, rate_limit } = row
  const delays = delaysOf(row.attempt_schedule, row.attempt_delays)
  const plain = { sends, url, field_map, version, purpose, rate_limit, delays }
  try {
    const headers = unsealHeaders(key, { workspace_id, id: endpoint_id }, row.headers)
    const keys = row.secrets.map(({ secret, until }) => ({
      key: keyOfSecret(unseal(key, secret, `endpoint_secrets ${workspace_id} ${endpoint_id}`)),
      until: until ?? Number.POSITIVE_INFINITY,
    }))
    return { ...plain, headers, keys, problem: keys.length === 0 ? NO_SECRET : null }
  } catch {
    return { ...plain, headers: [], keys: [], problem: SEALED }
  }
}

export const NO_SECRET = 'Nothing was sent: the endpoint has no secret that signs. Give it a new one.'
const SEALED =
  'Nothing was sent: the secret or the headers of the endpoint cannot be read, because SECRET_KEY is another one than when they were set. Set them again.'
