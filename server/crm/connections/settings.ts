import type { Config } from '../../config.ts'
import { judgeAddress } from '../../egress/guard.ts'
import { refuse } from '../../errors.ts'
import type { CrmField, CrmProvider } from '../provider.ts'

type Settings = Record<string, string>

/** Throws `invalid_fields`: what the provider does not know, and what is not of the kind that it needs. Empty takes a value away. */
export function judgeSettings({ title, fields }: CrmProvider, given: Settings, { webhook_allowed_cidrs }: Config): void {
  const wrong: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find(one => one.name === name)
    const problem = field ? problemOf(field, value, webhook_allowed_cidrs) : `is not a setting of ${title}`
    if (problem) wrong[`settings.${name}`] = problem
  }
  if (Object.keys(wrong).length > 0) throw refuse('invalid_fields', { fields: wrong })
}

function problemOf({ choices, type }: CrmField, value: string, allowed_cidrs: string[]): string | null {
  if (value === '') return null
  if (choices && !choices.some(choice => choice.value === value))
    return `must be one of ${choices.map(choice => choice.value).join(', ')}`
  if (type === 'number' && !/^\d{1,9}$/.test(value)) return 'must be a whole number'
  if (type !== 'url') return null
  const is_open = value.startsWith('http://') && allowed_cidrs.length === 0
  return is_open ? 'must begin with https://: what is sent there is about people' : judgeAddress(value, allowed_cidrs)
}

/** Names of what it needs and has not. */
export function missingOf({ fields }: CrmProvider, settings: Settings): string[] {
  return fields.filter(({ name, required }) => required && !settings[name]).map(({ name }) => name)
}

/** What may be shown, and what is sealed. */
export function partSettings({ fields }: CrmProvider, given: Settings): { plain: Settings; secret: Settings } {
  const is_secret = (name: string) => fields.some(field => field.name === name && field.is_secret)
  const pick = (wanted: boolean) => Object.fromEntries(Object.entries(given).filter(([name]) => is_secret(name) === wanted))
  return { plain: pick(false), secret: pick(true) }
}
