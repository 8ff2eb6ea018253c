import type postgres from 'postgres'
import type { Config } from './config.ts'
import { ringIds, seal, sealedBy, secretFor, unseal } from './secrets.ts'

type Sealed = {
  table: string
  column: string
  /** Of the key that it is sealed with. */
  purpose: string
  /** What it is bound to: these words, and the values of these columns. */
  bound: string
  ids: string[]
}

/** Everything that is kept sealed: what has to be sealed again when the secret key changes. A test finds what is missing here. */
export const SEALED: readonly Sealed[] = [
  of('sealing', 'key', 'sealing', ['is_on']),
  of('endpoints', 'headers', 'webhooks', ['workspace_id', 'id']),
  { ...of('endpoint_secrets', 'secret', 'webhooks', ['workspace_id', 'endpoint_id']), bound: 'endpoint_secrets' },
  of('intake_webhooks', 'secrets', 'intake', ['workspace_id', 'id']),
  of('crm_connections', 'secrets', 'crm', ['workspace_id', 'id']),
  of('crm_connections', 'token', 'crm', ['workspace_id', 'id']),
  of('staff', 'busy_url', 'calendars', ['workspace_id', 'user_id']),
  of('users', 'totp_secret', 'second steps', ['id']),
  { ...of('mails', 'sealed_link', 'links in mails', ['to_address']), bound: 'mail to' },
]

/** How many values are sealed with the newest key of the ring, with an older one, and with one that is not in it. */
export type Count = { newest: number; older: number; unknown: number }

/** By the names that stand in them. What has none (`v1`) was sealed before keys had names, with one that is older. */
export async function countSealed(sql: postgres.Sql, config: Config): Promise<Count> {
  const [newest, ...older] = ringIds(config)
  const count: Count = { newest: 0, older: 0, unknown: 0 }
  for (const { table, column } of SEALED) {
    const found = await sql<{ head: string; rows: number }[]>`
      select split_part(${sql(column)}, ':', 1) || ':' || split_part(${sql(column)}, ':', 2) || ':' as head, count(*)::int as rows
        from ${sql(table)}
       where ${sql(column)} like 'v2:%'
       group by 1
       union all
      select 'v1:', count(*)::int from ${sql(table)} where ${sql(column)} like 'v1:%'`
    for (const { head, rows } of found) {
      const name = sealedBy(head)
      if (name === newest) count.newest += rows
      else if (name === undefined || older.includes(name)) count.older += rows
      else count.unknown += rows
    }
  }
  return count
}

/**
 * Seals everything with the newest key of the ring, some rows a transaction. Whoever interrupts it lets it go on later: what is done is done.
 * What cannot be opened stays as it is, and is counted.
 */
export async function reencrypt(sql: postgres.Sql, config: Config) {
  const counts: Record<string, { reencrypted: number; unreadable: number }> = {}
  for (const place of SEALED) {
    const { table, column } = place
    const count = { reencrypted: 0, unreadable: 0 }
    counts[`${table}.${column}`] = count
    for (
      let rows = await nextRows(sql, config, place, 0);
      rows.length > 0;
      rows = await nextRows(sql, config, place, count.unreadable)
    )
      await sealAgain(sql, config, place, rows, count)
  }
  return counts
}

type Row = { ctid: string; sealed: string; bound: string }

function nextRows(sql: postgres.Sql, config: Config, { table, column, bound, ids }: Sealed, unreadable: number) {
  const [newest] = ringIds(config)
  return sql<Row[]>`
    select ctid::text, ${sql(column)} as sealed, concat_ws(' ', ${bound}::text, ${sql.unsafe(ids.join(', '))}) as bound
      from ${sql(table)}
     where ${sql(column)} like 'v_:%' and ${sql(column)} not like ${`v2:${newest}:%`}
     order by ctid
     limit ${CHUNK} offset ${unreadable}`
}

/** A row that somebody changes meanwhile is left alone, and found again with the next look. */
async function sealAgain(
  sql: postgres.Sql,
  config: Config,
  place: Sealed,
  rows: Row[],
  count: { reencrypted: number; unreadable: number },
) {
  const key = secretFor(config, place.purpose)
  for (const { ctid, sealed, bound } of rows) {
    const text = opened(() => unseal(key, sealed, bound))
    if (text === undefined) count.unreadable++
    else {
      const done = await sql`
        update ${sql(place.table)}
           set ${sql(place.column)} = ${seal(key, text, bound)}
         where ctid = ${ctid}::tid and ${sql(place.column)} = ${sealed}`
      count.reencrypted += done.count
    }
  }
}

function opened(open: () => string): string | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}

function of(table: string, column: string, purpose: string, ids: string[]): Sealed {
  return { table, column, purpose, bound: `${table}.${column}`, ids }
}

const CHUNK = 200
