import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import type postgres from 'postgres'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { hashOf } from '../secrets.ts'
import { recordOfUser } from './tell.ts'

/** What is limited: so many wrong tries within an hour are free, then each makes the next wait, twice as long each time. */
export type Limit = { key: string; free: number; first_s: number; most_s: number; email?: string; is_shared?: true }

/**
 * By address against trying a list of accounts; many people may share one, so it never waits long. By account from an address against
 * guessing one password. By account from everywhere nobody waits: anybody could lock somebody out of their own account; it is only told.
 */
export function limitsOf(request: FastifyRequest, given: string): Limit[] {
  const email = given.trim().toLowerCase()
  const address = networkOf(request.ip)
  return [
    limitOfAddress(request),
    { key: `account ${address} ${email}`, free: 10, first_s: 30, most_s: 900, email },
    { key: `everywhere ${email}`, free: 100, first_s: 0, most_s: 0, email },
  ]
}

export function limitOfAddress(request: FastifyRequest): Limit {
  return { key: `address ${networkOf(request.ip)}`, free: 60, first_s: 10, most_s: 60, is_shared: true }
}

/** Counts before the work and takes it back when that was right, so that a thousand guesses at once are no more than ten. */
export async function attempt<T>(context: Context, request: FastifyRequest, limits: Limit[], work: () => Promise<T>): Promise<T> {
  const { system } = context.database
  await takeTry(system, request, limits)
  const done = await work()
  await giveBack(system, limits)
  return done
}

/** Throws `too_many_requests` while one of them has to wait; what waits is not counted. */
export async function takeTry(system: postgres.Sql, request: FastifyRequest, limits: Limit[]): Promise<void> {
  const keys = limits.map(nameOf)
  await system.begin(async sql => {
    await sql`
      insert into sign_in_tries (key)
      select key from unnest(${keys}::text[]) as key order by key
          on conflict do nothing`
    const rows = await sql<{ key: string; tries: number; waits: number | null }[]>`
      select key, case when tried_at > now() - interval '1 hour' then tries else 0 end as tries,
             extract(epoch from waits_until - now())::float8 as waits
        from sign_in_tries
       where key = any(${keys}::text[])
       order by key
         for update`
    const waits = Math.max(...rows.map(row => row.waits ?? 0))
    if (waits > 0) throw refuse('too_many_requests', { retry_after: Math.ceil(waits) })
    const tries = keys.map(key => 1 + (rows.find(row => row.key === key)?.tries ?? 0))
    const seconds = limits.map((limit, k) => waitOf(limit, tries[k]!))
    await sql`
      update sign_in_tries t
         set tries = n.tries, tried_at = now(), waits_until = now() + nullif(n.seconds, 0) * interval '1 second'
        from unnest(${keys}::text[], ${tries}::int[], ${seconds}::int[]) as n(key, tries, seconds)
       where t.key = n.key`
    const burst = limits.find((limit, k) => limit.email !== undefined && tries[k] === limit.free + 1)
    if (burst) await tellBurst(sql, request, burst.email!)
  })
}

/** Whoever got in begins anew; of an address that others share, only this try is taken back. */
async function giveBack(system: postgres.Sql, limits: Limit[]) {
  await system`
    update sign_in_tries
       set tries = case when key = any(${limits.filter(limit => limit.is_shared).map(nameOf)}::text[]) then greatest(tries - 1, 0) else 0 end,
           waits_until = null
     where key = any(${limits.map(nameOf)}::text[])`
}

/** What is stored says nobody's e-mail. */
function nameOf({ key }: Limit) {
  return hashOf(key).toString('base64url')
}

function waitOf({ free, first_s, most_s }: Limit, tries: number) {
  return tries > free ? Math.min(most_s, first_s * 2 ** Math.min(tries - free - 1, 20)) : 0
}

/** Once for each burst: in the log, and to the workspaces of whom it is about. */
async function tellBurst(sql: postgres.TransactionSql, request: FastifyRequest, email: string) {
  request.log.warn({ ip: request.ip }, 'Many wrong tries to sign in to one account.')
  const [user] = await sql<{ id: number }[]>`select id from users where email = ${email}`
  if (!user) return
  const actor = { kind: 'system', id: null, name: null }
  await recordOfUser(sql, user.id, { action: 'user.sign_in_slowed', actor, after: { email, ip: request.ip } })
}

/** Whoever has one address of IPv6 has 2^64 of them. */
function networkOf(ip: string) {
  if (!ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  return address.kind() === 'ipv4' ? address.toString() : address.toByteArray().slice(0, 8).join('.')
}
