import type { FastifyBaseLogger } from 'fastify'
import { retryIn } from '../queue/fail.ts'
import type { Job } from '../queue/job.ts'
import { type Worker, work } from '../queue/work.ts'
import { addChunk } from './add-earlier.ts'
import { missingOf } from './connections/settings.ts'
import { type Connections, type Means, type OpenConnection, openConnections } from './open.ts'
import type { CrmError } from './result.ts'
import { DELAYS, failureOf } from './retry.ts'
import { tellContact } from './tell-contact.ts'
import { connectionOf, spread, TELL_QUEUE, type TellJob } from './tell-later.ts'
import { tellSubscription } from './tell-subscription.ts'

/** While the database is away nothing was found out: it is tried again for days. */
const WHILE_AWAY = [...DELAYS, ...Array<number>(100).fill(3600)]

/** Tells CRMs what they have to know, some at once of each. Outside of any request and any transaction; as the system's role. */
export function startTelling(means: Means & { log: FastifyBaseLogger }): Worker {
  const { sql, log } = means
  const connections = openConnections(means)
  return work<TellJob>(sql, {
    queue: TELL_QUEUE,
    concurrency: 16,
    share: 4,
    delays: WHILE_AWAY,
    log,
    run: job => tell(job, means, connections),
  })
}

async function tell(job: Job<TellJob>, means: Means, connections: Connections) {
  const { sql } = means
  const { workspace_id, payload } = job
  const connection = await connections.get(workspace_id, connectionOf(job.key))
  if (!connection) return 'it was deleted'
  if ('earlier_after' in payload) return addChunk(sql, workspace_id, connection.id, payload.earlier_after)
  if (!isReady(connection)) return 'nobody is told; it waits in the link'
  if ('after' in payload) return spread(sql, workspace_id, connection.id, payload.after)
  const { wait_seconds } = await readWait(sql, connection)
  if (wait_seconds > 0) return putOff(sql, job, wait_seconds, 'the limit of the CRM is reached')
  const failure =
    'email' in payload
      ? await tellSubscription(means, connection, payload.email, payload.version)
      : await tellContact(means, connection, payload.contact_id, payload.version)
  await noteOutcome(sql, connection, failure?.error)
  return failure === null || failure.again_in === null ? 'done' : putOff(sql, job, failure.again_in, failure.error.message)
}

/** One that is off, or is not set up yet: what is to be told waits until somebody changes that (connections.ts). */
function isReady({ active, provider, settings }: OpenConnection) {
  return active && provider.name !== 'none' && missingOf(provider, settings).length === 0
}

async function putOff(sql: Means['sql'], job: Job<TellJob>, seconds: number, why: string) {
  await retryIn(sql, job, why, seconds)
  return 'settled'
}

async function readWait(sql: Means['sql'], { workspace_id, id }: OpenConnection): Promise<{ wait_seconds: number }> {
  const [row] = await sql<{ wait_seconds: number }[]>`
    select greatest(extract(epoch from wait_until - now()), 0)::float8 as wait_seconds
      from crm_connections
     where workspace_id = ${workspace_id} and id = ${id}`
  return row ?? { wait_seconds: 0 }
}

/** For whoever looks at the connection; and a limit that was met holds for all. Not with every success: once a minute is enough to see it. */
async function noteOutcome(sql: Means['sql'], { workspace_id, id }: OpenConnection, error: CrmError | undefined) {
  if (!error) {
    await sql`
      update crm_connections
         set last_ok_at = now()
       where workspace_id = ${workspace_id} and id = ${id}
         and (last_ok_at is null or last_ok_at < now() - interval '1 minute' or last_ok_at < last_error_at)`
    return
  }
  const seconds = error.kind === 'rate_limited' ? failureOf(error, 0).again_in : null
  await sql`
    update crm_connections
       set last_error = ${error.message.slice(0, 2000)}, last_error_at = now(),
           wait_until = coalesce(now() + make_interval(secs => ${seconds}::float8), wait_until)
     where workspace_id = ${workspace_id} and id = ${id}`
}
