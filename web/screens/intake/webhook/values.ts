import type { IntakeWebhook, IntakeWebhookUpdate } from '../../../../shared/intake.ts'
import { type FilterRow, filtersOf, rowsOf } from './filters.ts'

/** The settings of a webhook as its form has them: an empty field is a text, an id is a text. */
export type Values = Pick<
  IntakeWebhook,
  'name' | 'lead_type' | 'format' | 'require_provider' | 'require_signature' | 'dedupe_scope' | 'answer' | 'test_mode' | 'capture'
> & {
  secrets: Record<string, string>
  filters: FilterRow[]
  allowed_ips: string[]
  dedupe_hours: number | string
  cap_hour: number | string
  cap_day: number | string
  cap_month: number | string
  source: string
  redirect_url: string
  pipeline_id: string | null
  default_owner_id: string | null
}

export function valuesOf(webhook: IntakeWebhook): Values {
  const { name, lead_type, format, require_provider, require_signature, dedupe_scope, answer, test_mode, capture } = webhook
  const { allowed_ips, dedupe_hours, cap_hour, cap_day, cap_month, source, redirect_url, pipeline_id, default_owner_id } = webhook
  return {
    name,
    lead_type,
    format,
    require_provider,
    require_signature,
    dedupe_scope,
    answer,
    test_mode,
    capture,
    secrets: {},
    filters: rowsOf(webhook.filters),
    allowed_ips: allowed_ips ?? [],
    dedupe_hours,
    cap_hour: cap_hour ?? '',
    cap_day: cap_day ?? '',
    cap_month: cap_month ?? '',
    source: source ?? '',
    redirect_url: redirect_url ?? '',
    pipeline_id: pipeline_id === null ? null : String(pipeline_id),
    default_owner_id: default_owner_id === null ? null : String(default_owner_id),
  }
}

/** What differs from what was read: nobody overwrites what they did not touch. */
export function changesOf(values: Values, read: Values): IntakeWebhookUpdate {
  const body = bodyOf(values)
  const before = bodyOf(read)
  const changed = Object.entries(body).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
  )
  return Object.fromEntries(changed)
}

function bodyOf({ secrets, ...values }: Values): IntakeWebhookUpdate {
  const typed = Object.entries(secrets).filter(([, value]) => value !== '')
  return {
    ...values,
    name: values.name.trim(),
    ...(typed.length > 0 && { secrets: Object.fromEntries(typed) }),
    filters: filtersOf(values.filters),
    allowed_ips: values.allowed_ips.length ? values.allowed_ips : null,
    dedupe_hours: Number(values.dedupe_hours || 0),
    cap_hour: numberOf(values.cap_hour),
    cap_day: numberOf(values.cap_day),
    cap_month: numberOf(values.cap_month),
    source: values.source.trim() || null,
    redirect_url: values.redirect_url.trim() || null,
    pipeline_id: numberOf(values.pipeline_id),
    default_owner_id: numberOf(values.default_owner_id),
  }
}

function numberOf(value: number | string | null) {
  return value === null || value === '' ? null : Number(value)
}
