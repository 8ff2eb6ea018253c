import type { IntakeKey, IntakeKeys, Mapping, MappingTried } from '../../shared/intake.ts'
import type { Sql } from '../database/connect.ts'
import type { Fields, Item } from './formats/format.ts'
import { mapLead, nameOfRule } from './mapping.ts'
import { appliesTo } from './rule.ts'
import { readSettings, type Settings } from './settings.ts'
import { spelledAs } from './spelling.ts'
import { readStored } from './stored.ts'
import { TARGETS } from './targets.ts'
import { textOf } from './values.ts'
import { readWebhook } from './webhooks.ts'

/** Enough to see every key that a sender has, and little to read. */
const MOST_READ = 100
const MOST_EXAMPLES = 3
const MOST_TRIED = 20

/** The keys that came to a webhook lately, each with examples and the field that it fills: for mapping by clicking. */
export async function listKeys(sql: Sql, workspace_id: number, webhook_id: number): Promise<IntakeKeys> {
  const { settings, deliveries } = await readLatest(sql, workspace_id, webhook_id, MOST_READ)
  const keys = new Map<string, IntakeKey>()
  for (const { items } of deliveries) {
    for (const { fields } of items) for (const key of Object.keys(fields)) note(keys, key, fields, settings)
  }
  for (const key of keys.values())
    key.seen = deliveries.filter(({ items }) => items.some(item => Object.hasOwn(item.fields, key.key))).length
  const own = settings.type_fields.map(({ key, label }) => ({ name: `fields.${key}`, label, group: 'type' as const }))
  return {
    deliveries: deliveries.length,
    data: [...keys.values()].sort((one, other) => other.seen - one.seen || one.key.localeCompare(other.key)),
    targets: [...TARGETS.map(({ name, label, group }) => ({ name, label, group })), ...own],
  }
}

/** What would come of the latest deliveries with this mapping. Stores nothing. */
export async function tryMapping(
  sql: Sql,
  workspace_id: number,
  webhook_id: number,
  mapping: Mapping | null,
): Promise<MappingTried> {
  const { settings, deliveries } = await readLatest(sql, workspace_id, webhook_id, MOST_TRIED)
  const data = deliveries.flatMap(({ id, items }) =>
    items.slice(0, 1).map(item => {
      const { values, fields, problems } = mapLead(item.fields, { ...settings, mapping })
      return { delivery_id: id, lead: { ...values, fields }, problems }
    }),
  )
  return { data }
}

async function readLatest(sql: Sql, workspace_id: number, webhook_id: number, most: number) {
  await readWebhook(sql, workspace_id, webhook_id)
  const named = await readSettings(sql, [{ workspace_id, webhook_id }])
  const stored = await readStored(
    sql,
    sql`d.workspace_id = ${workspace_id} and d.webhook_id = ${webhook_id}
      order by d.id desc
      limit ${most}`,
  )
  const deliveries = stored.flatMap(({ id, read }): { id: number; items: Item[] }[] =>
    read.ok ? [{ id, items: read.items }] : [],
  )
  return { settings: [...named.values()][0]!, deliveries }
}

function note(keys: Map<string, IntakeKey>, key: string, fields: Fields, settings: Settings) {
  const text = textOf(fields[key]!)?.slice(0, 200)
  const known = keys.get(key) ?? { key, examples: [], seen: 0, ...filledBy(key, fields, settings) }
  keys.set(key, known)
  if (known.target === null) Object.assign(known, filledBy(key, fields, settings))
  if (text !== undefined && known.examples.length < MOST_EXAMPLES && !known.examples.includes(text)) known.examples.push(text)
}

/** Which field a key fills: by a rule that names it, or by how it is spelled where no rule fills that field. */
function filledBy(key: string, fields: Fields, { mapping, type_fields }: Settings): Pick<IntakeKey, 'target' | 'by'> {
  const rules = Object.entries(mapping ?? {}).map(([name, rule]) => [nameOfRule(name), rule] as const)
  const alone = { [key]: fields[key]! }
  const ruled = rules.find(([, rule]) => rule !== null && rule.const === undefined && appliesTo(rule, alone))
  if (ruled) return { target: ruled[0], by: 'rule' }
  const spelled = spelledAs(key, fields[key]!, type_fields)?.target
  const is_ruled = rules.some(([name, rule]) => name === spelled && (rule === null || appliesTo(rule, fields)))
  return spelled === undefined || is_ruled ? { target: null, by: null } : { target: spelled, by: 'spelling' }
}
