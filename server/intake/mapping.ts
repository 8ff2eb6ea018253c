import type { Mapping, MappingRule } from '../../shared/intake.ts'
import type { LeadField } from '../../shared/lead-types.ts'
import { readFields } from '../leads/fields.ts'
import type { Field, Fields } from './formats/format.ts'
import { appliesTo, applyRule, takesWhole } from './rule.ts'
import { type Spelled, spelledAs } from './spelling.ts'
import { type Kind, TARGETS } from './targets.ts'
import { type Converted, convert, textOf } from './values.ts'

/** How the leads of a webhook are read. */
export type Reading = { mapping: Mapping | null; type_fields: readonly LeadField[]; country: string }

/** A lead as it was understood. */
export type Mapped = {
  /** By the names of TARGETS, without `fields.`; what did not come is absent. */
  values: Record<string, string | number | boolean>
  /** Of its type, and everything that no other field has: nothing that came is lost. */
  fields: Record<string, unknown>
  /** What could not be used, in sentences; it is kept in `fields` as it came. */
  problems: Record<string, string>
}

/**
 * Own rules first, then the common spellings: for every field without a rule, and where none of the keys came that its rule asks for,
 * because that is another sender than the one that the rule was made for. What fills no field, and what has not the form that its field
 * needs, stays under its own name.
 */
export function mapLead(came: Fields, { mapping, type_fields, country }: Reading): Mapped {
  const rules = new Map(Object.entries(mapping ?? {}).map(([name, rule]) => [nameOfRule(name), rule]))
  const types = new Map(type_fields.map(field => [`fields.${field.key}`, field]))
  const spelled = keysByTarget(came, type_fields, takenBy(rules, came))
  const used = new Set<string>()
  const read = new Map<string, Converted>()
  const countries = [country]
  // The country first: it says how the phone was written.
  for (const name of new Set(['country', ...rules.keys(), ...spelled.keys()])) {
    const reader = (value: Field) => convertTo(types.get(name), KINDS.get(name), value, countries)
    const rule = rules.get(name)
    if (rule === null) continue
    const found = rule && appliesTo(rule, came) ? byRule(rule, came, reader) : bySpelling(spelled.get(name) ?? [], came, reader)
    if (!found) continue
    read.set(name, found.converted)
    if (!('value' in found.converted)) continue
    for (const key of found.keys) used.add(key)
    if (name === 'country') countries.unshift(String(found.converted.value))
  }
  return assemble(came, used, read)
}

const KINDS = new Map<string, Kind>(TARGETS.map(target => [target.name, target.kind]))

/** `roof_age` and `fields.roof_age` are the same field when the lead has no column of that name. */
export function nameOfRule(name: string) {
  return name.startsWith('fields.') || KINDS.has(name) ? name : `fields.${name}`
}

/** Who puts the agent's `email` onto a field of their own has said that it is not the lead's. Of what is split, the rest may be. */
function takenBy(rules: Map<string, MappingRule | null>, came: Fields) {
  const taken = new Set<string>()
  for (const rule of rules.values()) {
    if (rule !== null && takesWhole(rule)) for (const key of applyRule(rule, came).keys) taken.add(key)
  }
  return taken
}

function keysByTarget(came: Fields, type_fields: readonly LeadField[], taken: Set<string>) {
  const spelled = new Map<string, (Spelled & { key: string })[]>()
  for (const [key, value] of Object.entries(came)) {
    if (taken.has(key)) continue
    const found = spelledAs(key, value, type_fields)
    if (!found || textOf(value) === undefined) continue
    const keys = spelled.get(found.target) ?? []
    spelled.set(found.target, keys)
    keys.push({ ...found, key })
  }
  for (const keys of spelled.values()) keys.sort((one, other) => one.rank - other.rank)
  return spelled
}

type Found = { converted: Converted; keys: string[] }

function byRule(rule: MappingRule, came: Fields, reader: (value: Field) => Converted | undefined): Found | undefined {
  const { value, keys } = applyRule(rule, came)
  const converted = value === undefined ? undefined : reader(value)
  return converted && { converted, keys }
}

/** The best spelling whose value can be used; when none can, what is wrong with the best. */
function bySpelling(keys: { key: string }[], came: Fields, reader: (value: Field) => Converted | undefined): Found | undefined {
  let wrong: Found | undefined
  for (const { key } of keys) {
    const converted = reader(came[key]!)
    if (!converted) continue
    if (!('wrong' in converted)) return { converted, keys: [key] }
    wrong ??= { converted, keys: [key] }
  }
  return wrong
}

function convertTo(
  type: LeadField | undefined,
  kind: Kind | undefined,
  value: Field,
  countries: string[],
): Converted | undefined {
  if (kind) return convert(kind, value, countries)
  const plain = typeof value === 'object' ? textOf(value) : value
  if (plain === undefined || textOf(plain) === undefined) return undefined
  return type ? ofType(type, typeof plain === 'string' ? plain.trim() : plain) : { value: plain }
}

/** Softly, as everywhere: a value that the type does not understand has its place all the same. */
function ofType(type: LeadField, value: string | number | boolean): Converted {
  const { fields, problems } = readFields([type], { [type.key]: value })
  const wrong = problems[type.key]
  return { value: fields[type.key] as string | number | boolean, ...(wrong === undefined ? {} : { wrong }) }
}

function assemble(came: Fields, used: Set<string>, read: Map<string, Converted>): Mapped {
  const values: Mapped['values'] = {}
  const fields = new Map<string, unknown>()
  const problems: Mapped['problems'] = {}
  for (const [name, converted] of read) {
    if ('wrong' in converted) problems[name] = converted.wrong
    if (!('value' in converted)) continue
    if (name.startsWith('fields.')) fields.set(name.slice('fields.'.length), converted.value)
    else values[name] = converted.value
  }
  for (const [key, value] of Object.entries(came)) {
    if (!used.has(key) && textOf(value) !== undefined && !fields.has(key)) fields.set(key, value)
  }
  splitName(values)
  return { values, fields: Object.fromEntries(fields), problems }
}

/** 'Sally Susa', and 'Susa, Sally'. A single word is a first name. */
export function splitName(values: Mapped['values']) {
  const { full_name, ...rest } = values
  delete values.full_name
  if (typeof full_name !== 'string' || (rest.first_name !== undefined && rest.last_name !== undefined)) return
  const [last, first] = full_name.split(',', 2).map(part => part.trim())
  const words = (first ? `${first} ${last}` : full_name).split(/\s+/).filter(Boolean)
  const [own_first, own_last] = [words[0], words.slice(1).join(' ')]
  if (rest.first_name === undefined && own_first) values.first_name = own_first
  if (rest.last_name === undefined && own_last) values.last_name = own_last
}
