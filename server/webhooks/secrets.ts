import type { Actor } from '../../shared/shape.ts'
import type { SecretCreate, SecretCreated } from '../../shared/webhooks.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { seal, unseal } from '../secrets.ts'
import { readEndpoint } from './endpoints.ts'
import { isSecret, newSecret } from './sign.ts'
import { callWorkers } from './turns.ts'

/**
 * Gives an endpoint a new secret: the given one, or one that is made. The earlier ones sign along for `overlap_hours`, and never
 * longer than they would have. The whole of the secret is in this answer and nowhere else.
 */
export async function rotateSecret(
  sql: Sql,
  workspace_id: number,
  endpoint_id: number,
  { secret, overlap_hours = 24 }: SecretCreate,
  actor: Actor,
  key: Buffer,
): Promise<SecretCreated> {
  if (secret !== undefined && !isSecret(secret)) throw refuse('invalid_fields', { fields: { secret: NO_SECRET } })
  await readEndpoint(sql, workspace_id, endpoint_id, 'for update')
  const earlier = await sql<{ id: number; secret: string }[]>`
    select id, secret
      from endpoint_secrets
     where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and (expires_at is null or expires_at > now())`
  if (overlap_hours > 0 && earlier.length >= MOST) throw refuse('invalid_fields', { fields: { overlap_hours: TOO_MANY } })
  // One that cannot be opened any more signs nothing, and would keep the endpoint from sending.
  const usable = earlier.filter(row => canOpen(key, row.secret, boundTo(workspace_id, endpoint_id)))
  await sql`
    update endpoint_secrets
       set expires_at = least(expires_at, case when id = any(${usable.map(row => row.id)}::int[])
                                               then now() + make_interval(hours => ${overlap_hours}) else now() end)
     where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and id = any(${earlier.map(row => row.id)}::int[])`
  const created = await addSecret(sql, workspace_id, endpoint_id, secret ?? newSecret(), key)
  await recordActivities(sql, workspace_id, [
    { action: 'endpoint.secret_rotated', actor, subject_id: endpoint_id, after: { secret_id: created.id, overlap_hours } },
  ])
  await callWorkers(sql, [{ workspace_id, endpoint_id }])
  return created
}

/** Seals it for this endpoint and no other. */
export async function addSecret(
  sql: Sql,
  workspace_id: number,
  endpoint_id: number,
  secret: string,
  key: Buffer,
): Promise<SecretCreated> {
  const [row] = await sql<Omit<SecretCreated, 'secret'>[]>`
    insert into endpoint_secrets (workspace_id, endpoint_id, secret)
    values (${workspace_id}, ${endpoint_id}, ${seal(key, secret, boundTo(workspace_id, endpoint_id))})
    returning id, created_at, expires_at`
  return { ...row!, secret }
}

function canOpen(key: Buffer, sealed: string, bound: string): boolean {
  try {
    return isSecret(unseal(key, sealed, bound))
  } catch {
    return false
  }
}

function boundTo(workspace_id: number, endpoint_id: number) {
  return `endpoint_secrets ${workspace_id} ${endpoint_id}`
}

export const NO_SECRET = 'must be whsec_ and 24 to 64 bytes in base64'

// Each is a signature in a header of every request.
const MOST = 10
const TOO_MANY = `must be 0: ${MOST} secrets sign already. Or wait until one of them has run out`
