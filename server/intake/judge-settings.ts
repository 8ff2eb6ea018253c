import type { IntakeWebhookUpdate } from '../../shared/intake.ts'
import { READY_LEAD_TYPES } from '../../shared/lead-types.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { wrongRange } from '../http/ip-ranges.ts'
import { judgeFilter } from './filter.ts'
import { FORMATS } from './formats/list.ts'
import { judgeRule } from './rule.ts'

/** What a schema cannot tell about the settings of a webhook. Throws `invalid_fields`. `format`: the one that it has or gets. */
export async function requireSettings(
  sql: Sql,
  workspace_id: number,
  { lead_type, pipeline_id, default_owner_id, ...given }: Omit<IntakeWebhookUpdate, 'if_updated_at'>,
  format: string,
) {
  const fields = { ...judgeMapping(given), ...judgeAddresses(given), ...judgeSecrets(given, format) }
  const [known] = await sql<{ has_type: boolean; has_pipeline: boolean; has_owner: boolean }[]>`
    select exists (select from lead_types where workspace_id = ${workspace_id} and key = ${lead_type ?? null}) as has_type,
           exists (select from pipelines where workspace_id = ${workspace_id} and id = ${pipeline_id ?? null}) as has_pipeline,
           exists (select from memberships where workspace_id = ${workspace_id} and user_id = ${default_owner_id ?? null}) as has_owner`
  if (lead_type !== undefined && !known!.has_type && !READY_LEAD_TYPES.some(type => type.key === lead_type)) {
    fields.lead_type = 'is no lead type of this workspace; make it first'
  }
  if (typeof pipeline_id === 'number' && !known!.has_pipeline) fields.pipeline_id = 'is no pipeline of this workspace'
  if (typeof default_owner_id === 'number' && !known!.has_owner) fields.default_owner_id = 'must be a user of this workspace'
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}

function judgeMapping({ mapping, filters = [] }: IntakeWebhookUpdate): Record<string, string> {
  const rules = Object.entries(mapping ?? {}).flatMap(([name, rule]) => {
    const wrong = rule === null ? undefined : judgeRule(rule)
    return wrong === undefined ? [] : [[`mapping.${name}`, wrong] as const]
  })
  const conditions = filters.flatMap((filter, k) => {
    const wrong = judgeFilter(filter)
    return wrong === undefined ? [] : [[`filters.${k}`, wrong] as const]
  })
  return Object.fromEntries([...rules, ...conditions])
}

function judgeAddresses({ allowed_ips, redirect_url }: IntakeWebhookUpdate): Record<string, string> {
  const wrong = wrongRange(allowed_ips)
  const is_page = typeof redirect_url !== 'string' || /^https?:$/.test(URL.parse(redirect_url)?.protocol ?? '')
  return {
    ...(wrong === undefined ? {} : { allowed_ips: wrong }),
    ...(is_page ? {} : { redirect_url: 'must be an address such as https://example.com/thanks' }),
  }
}

function judgeSecrets({ secrets = {} }: IntakeWebhookUpdate, format: string): Record<string, string> {
  const known = FORMATS.filter(one => format === 'auto' || one.name === format).flatMap(one =>
    one.secrets.map(({ name }) => name),
  )
  const unknown = Object.keys(secrets).find(name => secrets[name] !== null && !known.includes(name))
  return unknown === undefined ? {} : { [`secrets.${unknown}`]: `is none of this format; it has ${known.join(', ') || 'none'}` }
}
