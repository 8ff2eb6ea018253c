import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { WebhookEvent } from '../../shared/webhooks.ts'
import { findWebhookEvent, listWebhookEvents } from './catalogue.ts'

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true, validateFormats: false })

test.each(listWebhookEvents().map(entry => [entry.type, entry] as const))(
  '%s has an example that is as its shape says',
  (type, entry) => {
    const { schema, example } = entry
    expect(Value.Check(WebhookEvent, entry)).toBe(true)
    expect(example.event).toBe(type)
    expect(Object.keys(example)).toEqual(['event', 'contact', 'data', 'timestamp'])
    ajv.validate(schema, example.data)
    expect(ajv.errors ?? []).toEqual([])
    expect(ajv.validate(schema, {})).toBe(false)
  },
)

test('types are named once, and a group is what stands before the dot', () => {
  const types = listWebhookEvents().map(({ type }) => type)
  expect(new Set(types).size).toBe(types.length)
  for (const { type, group } of listWebhookEvents()) expect(group).toBe(type.includes('.') ? type.split('.')[0] : 'funnel')
})

test('everything that the server records is in the catalogue, and nothing else', () => {
  const recorded = actionsIn('server')
  expect(recorded.size).toBeGreaterThan(20)
  const unlisted = [...recorded].filter(action => !findWebhookEvent(action))
  expect(unlisted, 'Say in server/webhooks/catalogue/ what these are.').toEqual([])
  // What a rule sends on is a message and no activity.
  const listed = listWebhookEvents().filter(({ group, type }) => group !== 'funnel' && type !== 'forwarding.lead')
  expect(listed.map(({ type }) => type).filter(type => !recorded.has(type))).toEqual([])
})

/** `action: 'contact.created'`, also behind a question mark; and the lines of SQL that make a row of activities of each. */
function actionsIn(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    name => /\.ts$/.test(name) && !/\.test\.ts$/.test(name),
  )
  const found = new Set<string>()
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, words] of text.matchAll(/\baction: ([^\n]*)/g))
      for (const [, action] of words!.matchAll(/'([a-z_]+\.[a-z_]+)'/g)) found.add(action!)
    if (/insert into activities/.test(text))
      for (const [, action] of text.matchAll(/\('([a-z_]+\.[a-z_]+)', /g)) found.add(action!)
  }
  return found
}
