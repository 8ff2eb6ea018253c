import type { CustomField } from '../../../shared/custom-fields.ts'
import type { Import, ImportSettings } from '../../../shared/imports.ts'
import { bare, spelledAs } from '../../intake/spelling.ts'
import { byPreset, presetOf } from './presets.ts'
import { wrongTarget } from './targets.ts'

export type Suggestion = Pick<Import, 'preset' | 'suggested_by'> & ImportSettings

export const DEFAULTS = { fixed: [], by: 'any', mode: 'both', empty: 'keep', days: null, assign: false } as const

/**
 * A first mapping: what was chosen for the last file with these headings, or what the sender of this export is known for, or what the headings
 * are spelled like, as in lead intake. What nothing is known of is left out: a person looks at it.
 */
export function suggest(headers: string[], earlier: ImportSettings | undefined, fields: readonly CustomField[]): Suggestion {
  const preset = presetOf(headers)
  const name = preset?.name ?? null
  if (earlier?.columns.every(({ target }) => target === null || wrongTarget(target, fields) === undefined))
    return { ...DEFAULTS, ...earlier, preset: name, suggested_by: 'memory' }
  const taken = new Set<string>()
  const columns = headers.map(header => {
    const told = preset && byPreset(preset, header)
    // In a file of our own `city` is where somebody browsed from: it is shown of them and is not theirs to be told.
    const target = told ?? (name === 'throughline' && !header.includes('.') ? undefined : bySpelling(header, fields))
    if (!target || (taken.has(target) && target !== 'tags')) return { header, target: null }
    taken.add(target)
    return { header, target }
  })
  const by = name === 'throughline' && taken.has('id') ? 'id' : DEFAULTS.by
  return { ...DEFAULTS, by, fixed: [], columns, preset: name, suggested_by: preset ? 'preset' : 'names' }
}

/** What a lead's field of that name is for a contact. */
const OF_LEADS: Record<string, string> = {
  email: 'email', phone: 'phone', first_name: 'first_name', last_name: 'last_name', full_name: 'full_name', age: 'age', gender: 'gender',
  user_id: 'user_id', date_of_birth: 'properties.date_of_birth', company: 'properties.company', job_title: 'properties.job_title',
  street: 'address.street', city: 'address.city', state: 'address.state', zip_code: 'address.zip_code', country: 'address.country',
} // biome-ignore format: a table

const OF_CONTACTS: Record<string, string> = {
  tag: 'tags', tags: 'tags', taglist: 'tags', labels: 'tags', owner: 'owner', ownerid: 'owner', owneremail: 'owner', contactowner: 'owner',
  contactid: 'id', throughlineid: 'id',
} // biome-ignore format: a table

function bySpelling(header: string, fields: readonly CustomField[]): string | undefined {
  const named = header.trim().toLowerCase()
  if (/^(properties|custom|address)\../.test(named) && wrongTarget(header.trim(), fields) === undefined) return header.trim()
  const word = bare(header)
  const own = fields.find(({ key, label, archived_at }) => archived_at === null && (bare(key) === word || bare(label) === word))
  if (own) return `custom.${own.key}`
  if (Object.hasOwn(OF_CONTACTS, word)) return OF_CONTACTS[word]
  const found = spelledAs(header, 'a', [])?.target
  return found !== undefined && Object.hasOwn(OF_LEADS, found) ? OF_LEADS[found] : undefined
}
