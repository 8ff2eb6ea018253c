import type { MappingRule } from '../../shared/intake.ts'
import { normalizePhone } from '../contacts/normalize.ts'
import { readDay } from '../fields/values.ts'
import type { Field, Fields } from './formats/format.ts'
import { textOf } from './values.ts'

/** What a rule makes of what came (undefined: nothing), and of which keys. */
export type Ruled = { value: Field | undefined; keys: string[] }

/** A list of steps and no program. */
export function applyRule(rule: MappingRule, fields: Fields): Ruled {
  const { value, keys } = sourceOf(rule, fields)
  return { value: value === undefined ? undefined : change(rule, value), keys }
}

/** Whether one of its keys came, even empty; a constant needs none. */
export function appliesTo({ path, first_of, join, const: constant }: MappingRule, fields: Fields): boolean {
  return constant !== undefined || [path ?? [], first_of ?? [], join ?? []].flat().some(key => Object.hasOwn(fields, key))
}

/** Whether nothing of what it finds is left for another field. */
export function takesWhole({ join, split }: MappingRule): boolean {
  return !join && !split
}

/** What is wrong with a rule, in a sentence, or undefined. */
export function judgeRule({ path, first_of, join, const: constant }: MappingRule): string | undefined {
  const sources = [path, first_of, join, constant].filter(source => source !== undefined)
  return sources.length === 1 ? undefined : 'needs exactly one of path, first_of, join and const'
}

function sourceOf({ path, first_of, join, separator = ' ', const: constant }: MappingRule, fields: Fields): Ruled {
  if (constant !== undefined) return { value: constant, keys: [] }
  if (join) {
    const texts = join.flatMap(key => textAt(fields, key) ?? [])
    return { value: texts.length === 0 ? undefined : texts.join(separator), keys: join }
  }
  const key = (first_of ?? [path ?? '']).find(one => textAt(fields, one) !== undefined)
  return key === undefined ? { value: undefined, keys: [] } : { value: fields[key], keys: [key] }
}

function textAt(fields: Fields, key: string): string | undefined {
  return Object.hasOwn(fields, key) ? textOf(fields[key]!) : undefined
}

function change({ split, lower, values, e164, date }: MappingRule, given: Field): Field | undefined {
  let value: Field | undefined = given
  if (split)
    value = textOf(value)
      ?.split(split.by)
      .map(part => part.trim())
      .filter(Boolean)
      .at(split.part)
  if (value !== undefined && lower) value = textOf(value)?.toLowerCase()
  if (value !== undefined && values) value = translated(values, value)
  if (value !== undefined && e164) value = normalizePhone(textOf(value) ?? '', e164) ?? value
  if (value !== undefined && date) value = readDay(textOf(value), date) ?? value
  return value
}

/** Compared as people read it: `Yes` is `yes`. What is not listed stays. */
function translated(values: Record<string, string | number | boolean>, value: Field): Field {
  const text = textOf(value)?.toLowerCase()
  const found = Object.entries(values).find(([from]) => from.trim().toLowerCase() === text)
  return found ? found[1] : value
}
