import type { CustomField } from '../../../shared/custom-fields.ts'
import type { ImportTarget } from '../../../shared/imports.ts'
import type { Kind } from '../../intake/targets.ts'

/** What a column can fill, and how its cells are read (server/intake/values.ts); without a kind it is read in its own way (read-row.ts). */
const TARGETS: readonly (ImportTarget & { kind?: Kind })[] = [
  { name: 'email', label: 'E-mail', group: 'Keys', kind: 'email' },
  { name: 'phone', label: 'Phone', group: 'Keys', kind: 'phone' },
  { name: 'user_id', label: 'User id', group: 'Keys', kind: 'id' },
  { name: 'id', label: 'Contact id', group: 'Keys' },
  { name: 'first_name', label: 'First name', group: 'Person', kind: 'key' },
  { name: 'last_name', label: 'Last name', group: 'Person', kind: 'key' },
  { name: 'full_name', label: 'Full name', group: 'Person', kind: 'key' },
  { name: 'age', label: 'Age', group: 'Person', kind: 'age' },
  { name: 'gender', label: 'Gender', group: 'Person', kind: 'text' },
  { name: 'properties.date_of_birth', label: 'Date of birth', group: 'Person', kind: 'date' },
  { name: 'properties.company', label: 'Company', group: 'Person', kind: 'text' },
  { name: 'properties.job_title', label: 'Job title', group: 'Person', kind: 'text' },
  { name: 'address', label: 'Whole address', group: 'Address' },
  { name: 'address.street', label: 'Street', group: 'Address', kind: 'text' },
  { name: 'address.city', label: 'City', group: 'Address', kind: 'text' },
  { name: 'address.state', label: 'State', group: 'Address', kind: 'state' },
  { name: 'address.zip_code', label: 'ZIP', group: 'Address', kind: 'text' },
  { name: 'address.country', label: 'Country', group: 'Address', kind: 'country' },
  { name: 'owner', label: 'Owner (name, e-mail or id)', group: 'Work' },
  { name: 'tags', label: 'Tags', group: 'Work' },
  { name: 'properties', label: 'All properties (JSON)', group: 'More' },
  { name: 'custom', label: 'All fields of your own (JSON)', group: 'More' },
]

const KINDS = new Map(TARGETS.map(({ name, kind }) => [name, kind]))

/** Undefined for what has a way of its own. */
export function kindOf(target: string): Kind | undefined {
  return KINDS.get(target)
}

/** Besides those any `properties.<key>`. */
export function listTargets(fields: readonly CustomField[]): ImportTarget[] {
  return [...TARGETS.map(({ name, label, group }) => ({ name, label, group })), ...listOwnTargets(fields)]
}

/** The fields of the workspace, of whatever its rows become. */
export function listOwnTargets(fields: readonly CustomField[]): ImportTarget[] {
  const own = fields.filter(field => field.archived_at === null)
  return own.map(({ key, label }) => ({ name: `custom.${key}`, label, group: 'Fields of your own' }))
}

/** Whether a column may fill it, in a sentence when not. */
export function wrongTarget(target: string, fields: readonly CustomField[]): string | undefined {
  return KINDS.has(target) || /^(properties|address)\../.test(target) ? undefined : wrongOwnTarget(target, fields)
}

/** The same of what can only be a field of the workspace. */
export function wrongOwnTarget(target: string, fields: readonly CustomField[]): string | undefined {
  const key = /^custom\.(.+)$/.exec(target)?.[1]
  if (key === undefined) return `cannot fill ${target}`
  return fields.some(field => field.key === key && field.archived_at === null)
    ? undefined
    : `cannot fill ${target}: there is no such field`
}
