import type { ValidateFunction } from 'ajv'
import { type Leaf, MOST_LEAVES, MOST_LEVELS, type Rule } from '../../shared/segments.ts'
import { refuse } from '../errors.ts'
import { explain, shapeCompiler } from '../http/validate.ts'
import { conversion } from './conversion.ts'
import { dwell } from './dwell.ts'
import { event } from './event.ts'
import { field } from './field.ts'
import type { Asking, Fragment, Kind } from './kind.ts'
import { lead } from './lead.ts'
import { property } from './property.ts'
import { stage } from './stage.ts'
import { tag } from './tag.ts'

/** Every kind of rule there is. */
const KINDS = { property, field, event, segment: dwell, stage, lead, conversion, tag } as unknown as Record<
  Leaf['kind'],
  Kind<Leaf>
>

/** What somebody sent as a rule. Throws `invalid_fields` with the place of each mistake: `rule.all.1.within_days`. */
export function readRule(given: unknown): Rule {
  const wrong: Record<string, string> = {}
  const count = look(given, 'rule', 1, wrong)
  if (count > MOST_LEAVES) wrong.rule ??= `must have at most ${MOST_LEAVES} conditions`
  if (Object.keys(wrong).length > 0) throw refuse('invalid_fields', { fields: wrong })
  return given as Rule
}

/** The same of a rule in an address: as JSON. */
export function parseRule(text: string): Rule {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    throw refuse('invalid_fields', { fields: { rule: 'must be JSON' } })
  }
  return readRule(given)
}

/** Returns how many conditions it found. */
function look(given: unknown, path: string, level: number, wrong: Record<string, string>): number {
  const parts = partsOf(given)
  if (parts === undefined) {
    Object.assign(wrong, judge(given, path))
    return 1
  }
  const [name, rules] = parts
  if (level > MOST_LEVELS) wrong[path] = `is too deep: at most ${MOST_LEVELS} levels`
  else if (Object.keys(given as object).length > 1) wrong[path] = `must have nothing beside ${name}`
  else if (!Array.isArray(rules)) wrong[`${path}.${name}`] = 'must be a list of rules'
  else if (rules.length === 0) wrong[`${path}.${name}`] = 'must have at least one rule'
  else if (rules.length > MOST_LEAVES) wrong[`${path}.${name}`] = `must have at most ${MOST_LEAVES} rules`
  else return rules.reduce((sum: number, rule, k) => sum + look(rule, placeOf(path, name, k), level + 1, wrong), 0)
  return 0
}

const placeOf = (path: string, name: string, k: number) => (name === 'not' ? `${path}.not` : `${path}.${name}.${k}`)

/** Of a group its word and its rules; undefined for a condition. */
function partsOf(given: unknown): ['all' | 'any' | 'not', unknown] | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  if ('all' in given) return ['all', given.all]
  if ('any' in given) return ['any', given.any]
  return 'not' in given ? ['not', [given.not]] : undefined
}

const compiled = new Map<string, ValidateFunction>()

function judge(given: unknown, path: string): Record<string, string> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { [path]: 'must be a rule' }
  const { kind } = given as Partial<Leaf>
  if (kind === undefined || !Object.hasOwn(KINDS, kind))
    return { [`${path}.kind`]: `must be one of ${Object.keys(KINDS).join(', ')}; or use all, any or not` }
  const { shape, check } = KINDS[kind]
  let fits = compiled.get(kind)
  if (!fits) {
    fits = shapeCompiler()({ schema: shape, httpPart: 'body', method: 'POST', url: '' }) as unknown as ValidateFunction
    compiled.set(kind, fits)
  }
  const fields = fits(given) ? check?.(given as Leaf) : explain(fits.errors ?? [])
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, sentence]) => [name === 'body' ? path : `${path}.${name}`, sentence]),
  )
}

/** The condition on a contact `c`, never null. */
export function conditionOf(asking: Asking, rule: Rule): Fragment {
  const { sql } = asking
  if ('not' in rule) return sql`not (${conditionOf(asking, rule.not)})`
  if ('kind' in rule) return KINDS[rule.kind].holds(asking, rule)
  const [word, rules] = 'all' in rule ? [sql`and`, rule.all] : [sql`or`, rule.any]
  return sql`(${rules.map((part, k) => (k === 0 ? conditionOf(asking, part) : sql`${word} ${conditionOf(asking, part)}`))})`
}

/** For each condition that depends on the time: selects of those whose answer it may have changed since `since`. */
export function turningOf(asking: Asking, rule: Rule, since: string): Fragment[] {
  return leavesOf(rule).flatMap(leaf => KINDS[leaf.kind].turns?.(asking, leaf, since) ?? [])
}

/** Whether who fits changes by itself as time passes. */
export function dependsOnTime(rule: Rule): boolean {
  return leavesOf(rule).some(
    leaf =>
      (leaf.kind === 'event' && leaf.within_days !== undefined) || (leaf.kind === 'segment' && leaf.for_hours !== undefined),
  )
}

function leavesOf(rule: Rule): Leaf[] {
  if ('not' in rule) return leavesOf(rule.not)
  if ('kind' in rule) return [rule]
  return ('all' in rule ? rule.all : rule.any).flatMap(leavesOf)
}
