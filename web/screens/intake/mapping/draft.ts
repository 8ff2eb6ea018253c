import type { IntakeKey, Mapping, MappingRule } from '../../../../shared/intake.ts'

/** What a field is filled from: the keys that came. */
export function keysOf({ path, first_of, join }: MappingRule): string[] {
  return path !== undefined ? [path] : (first_of ?? join ?? [])
}

/** Lets a key fill a field. What the rule does to a value stays, and so does which of several keys it takes. */
export function mapKey(mapping: Mapping, key: string, field: string): Mapping {
  const rule = mapping[field]
  if (rule?.first_of || rule?.join) {
    const list = rule.first_of ? 'first_of' : 'join'
    return { ...mapping, [field]: { ...rule, [list]: [...new Set([...rule[list]!, key])] } }
  }
  const { const: _, ...changes } = rule ?? {}
  return { ...mapping, [field]: { ...changes, path: key } }
}

/** The field is found by the common spellings again. */
export function withoutRule(mapping: Mapping, field: string): Mapping {
  const { [field]: _, ...rest } = mapping
  return rest
}

export type Source = 'path' | 'first_of' | 'join' | 'const'

export function sourceOf(rule: MappingRule): Source {
  return (['first_of', 'join', 'const'] as const).find(name => rule[name] !== undefined) ?? 'path'
}

/** The same rule with another kind of source, with what fits into it of the one before. */
export function withSource(rule: MappingRule, source: Source): MappingRule {
  const { path: _, first_of: __, join: ___, const: ____, separator: _____, ...changes } = rule
  const keys = keysOf(rule)
  if (source === 'const') return { ...changes, const: '' }
  if (source === 'path') return { ...changes, path: keys[0] ?? '' }
  return { ...changes, [source]: keys }
}

/** A rule that names nothing yet cannot be saved. */
export function isComplete(rule: MappingRule): boolean {
  if (rule.const !== undefined) return rule.const !== ''
  const keys = keysOf(rule)
  return keys.length > 0 && keys.every(Boolean)
}

/**
 * Which field a key fills with this draft: by a rule, or by its spelling where no rule fills that field. Of a rule that is stored the
 * server has found out whether it leaves deliveries of other senders to the spelling; one that is new or changed is taken to fill all.
 */
export function filledBy(
  { key, target, by }: IntakeKey,
  mapping: Mapping,
  stored: Mapping | null = null,
): { field: string; by: 'rule' | 'spelling' } | undefined {
  const ruled = Object.entries(mapping).find(([, rule]) => rule && keysOf(rule).includes(key))
  if (ruled) return { field: ruled[0], by: 'rule' }
  if (target === null || by !== 'spelling') return undefined
  const fresh = [target, `fields.${target}`, target.replace(/^fields\./, '')].filter(
    name => Object.hasOwn(mapping, name) && JSON.stringify(mapping[name]) !== JSON.stringify(stored?.[name]),
  )
  return fresh.length === 0 ? { field: target, by } : undefined
}

/** What a rule does to a value, in a few words. */
export function changesOf({ split, lower, values, e164, date }: MappingRule): string[] {
  return [
    split && `part ${split.part < 0 ? 'from the end' : split.part + 1}, split at “${split.by}”`,
    lower && 'in lower case',
    values && Object.keys(values).length > 0 && 'translated',
    e164 && `a phone of ${e164}`,
    date && `a date written ${date}`,
  ].filter((words): words is string => typeof words === 'string')
}
