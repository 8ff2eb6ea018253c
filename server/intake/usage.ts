import type { ProviderUsage, UsageQuery } from '../../shared/intake.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { findProvider } from './providers.ts'

const MOST_DAYS = 400

/** What a provider sent on each day to each webhook, in leads. Days are those of UTC. */
export async function readUsage(
  sql: Sql,
  workspace_id: number,
  provider_id: string,
  { from = daysAgo(29), to = daysAgo(0) }: UsageQuery,
): Promise<ProviderUsage> {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000
  if (!(days >= 0 && days <= MOST_DAYS)) {
    throw refuse('invalid_request', { fields: { from: `must be a day before \`to\`, at most ${MOST_DAYS} days` } })
  }
  await findProvider(sql, workspace_id, provider_id)
  const data = await sql<ProviderUsage['data']>`
    select u.day::text as day, u.webhook_id, i.name as webhook, u.received, u.accepted, u.duplicates, u.refused, u.limited
      from provider_usage u
      left join intake_webhooks i on i.workspace_id = u.workspace_id and i.id = u.webhook_id
     where u.workspace_id = ${workspace_id} and u.provider_id = ${provider_id} and u.day between ${from}::text::date and ${to}::text::date
     order by u.day desc, u.webhook_id`
  const total = { received: 0, accepted: 0, duplicates: 0, refused: 0, limited: 0 }
  for (const row of data) for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += row[name]
  return { from, to, total, data: [...data] }
}

function daysAgo(days: number) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}
