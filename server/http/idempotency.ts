import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type postgres from 'postgres'
import type { Database } from '../database/connect.ts'
import { nameWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'

type Asked = { workspace_id: number; request: FastifyRequest; reply: FastifyReply }

/**
 * Does the work of a POST in one transaction, and at most once for each `Idempotency-Key` of the last 24 hours: the answer is
 * stored in the same transaction, so there is no moment at which the work is done and the key forgotten. A refusal is not stored.
 * `door` is `database.system` for work that reaches beyond one workspace.
 *
 * The stored answer may hold a secret that is shown once, so it is sealed with the client's key, of which only the hash is kept.
 */
export async function answerOnce<T extends object>(
  database: Database,
  { workspace_id, request, reply }: Asked,
  status: number,
  work: (sql: postgres.TransactionSql) => Promise<T>,
  door: postgres.Sql = database.app,
): Promise<T> {
  const key = keyOf(request)
  return door.begin(async sql => {
    await nameWorkspace(sql, workspace_id)
    const known = key === undefined ? undefined : await recall(sql, workspace_id, key, request)
    if (known) {
      reply.code(known.status).header('idempotency-replayed', 'true')
      return known.answer as T
    }
    const answer = await work(sql)
    reply.code(status)
    if (key !== undefined) await keep(sql, workspace_id, key, request, status, answer)
    return answer
  }) as Promise<T>
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && key.length > 0 && key.length <= 255) return key
  throw refuse('invalid_request', { fields: { 'idempotency-key': 'must have 1 to 255 characters' } })
}

async function recall(sql: postgres.TransactionSql, workspace_id: number, key: string, request: FastifyRequest) {
  const hash = nameOf(key)
  // Held until the end of the transaction: a second request with the same key finds either the lock or the answer.
  const [lock] = await sql<{ free: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${hash}, ${workspace_id})) as free`
  if (!lock!.free) throw refuse('idempotency_running', { retry_after: 1 })
  const [row] = await sql<{ request_hash: Buffer; status: number; response: string }[]>`
    select request_hash, status, response
      from idempotency_keys
     where workspace_id = ${workspace_id} and key = ${hash} and created_at > now() - interval '24 hours'`
  if (!row) return undefined
  if (!row.request_hash.equals(fingerprint(request))) throw refuse('idempotency_mismatch')
  return { status: row.status, answer: unseal(key, row.response) }
}

async function keep(
  sql: postgres.TransactionSql,
  workspace_id: number,
  key: string,
  request: FastifyRequest,
  status: number,
  answer: object,
) {
  await sql`
    insert into idempotency_keys (workspace_id, key, request_hash, status, response)
    values (${workspace_id}, ${nameOf(key)}, ${fingerprint(request)}, ${status}, ${seal(key, answer)})
        on conflict (workspace_id, key) do update
       set request_hash = excluded.request_hash, status = excluded.status, response = excluded.response, created_at = now()`
}

function nameOf(key: string) {
  return createHash('sha256').update(`name ${key}`).digest('hex')
}

function fingerprint(request: FastifyRequest) {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
    .digest()
}

// The key is used for one message only (a new answer has a new salt), so a fixed nonce is safe.
function seal(key: string, answer: object) {
  const salt = randomBytes(32)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key, salt), Buffer.alloc(12))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()])
  return Buffer.concat([salt, cipher.getAuthTag(), sealed]).toString('base64')
}

function unseal(key: string, response: string): object {
  const bytes = Buffer.from(response, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(key, bytes.subarray(0, 32)), Buffer.alloc(12))
  decipher.setAuthTag(bytes.subarray(32, 48))
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(48)), decipher.final()]).toString('utf8')) as object
}

function sealingKey(key: string, salt: Buffer) {
  return Buffer.from(hkdfSync('sha256', key, salt, 'throughline idempotency', 32))
}
