import { openWorkspace } from './support/ask.ts'
import { giveAttribution } from './support/attribution.ts'
import { giveContacts } from './support/contacts.ts'
import { giveJourneys } from './support/journeys.ts'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'

// Every dashboard, by the API, over the people that 10,000,000 events are of and over those of 1,000,000, in two databases side by side: each
// question is put to both in turn, so what else the machine does meets both. What reads a row for each person stands apart: it grows.
const EVENTS_OF_ONE = 10
const MANY = 10_000_000
const FEW = 1_000_000
const SECONDS = 30

const few = await openHouse(FEW)
const many = await openHouse(MANY)

const QUESTIONS: [name: string, path: string][] = [
  ['overview', 'overview'],
  ['overview of a funnel, by week, elsewhere', 'overview?funnel_id=school&interval=week&time_zone=Asia/Kathmandu'],
  ['overview of 90 days', `overview?from=${daysAgo(89)}&to=${daysAgo(0)}`],
  ['overview of a segment', 'overview?segment=hot&funnel_id=school'],
  ['overview of those who have watched nothing', 'overview?segment=no_show&funnel_id=school'],
  ['overview of those whom a source sent', 'overview?utm_source=google'],
  ['engagement', 'engagement'],
  ['engagement of a funnel, 90 days', `engagement?funnel_id=school&from=${daysAgo(89)}&to=${daysAgo(0)}`],
  ['people who stopped before the offer', 'journeys/people?funnel_id=school&step=offer_viewed&dropped=true'],
  ['people who converted', 'journeys/people?step=converted'],
  ['attribution by source', 'attribution?by=source'],
  [
    'attribution of a funnel by campaign, 90 days',
    `attribution?funnel_id=school&by=campaign&model=linear&from=${daysAgo(89)}&to=${daysAgo(0)}`,
  ],
]
const FILTERED: typeof QUESTIONS = [
  ['overview of a segment and a source: a row for each person', 'overview?segment=hot&utm_source=google&funnel_id=school'],
]
const times = new Map([...QUESTIONS, ...FILTERED].map(([name]) => [name, { few: [] as number[], many: [] as number[] }]))

for (let k = 0; k < 3; k++) await round(QUESTIONS) // plans are made, pages are in memory
for (const each of times.values()) each.few.length = each.many.length = 0
let rounds = 0
for (const until = performance.now() + SECONDS * 1000; performance.now() < until || rounds < 5; rounds++) await round(QUESTIONS)
await round(FILTERED)
await few.stop()
await many.stop()

const plain = QUESTIONS.map(([name]) => times.get(name)!)
const all = { few: plain.flatMap(each => each.few), many: plain.flatMap(each => each.many) }
const [value, reference] = [p95(all.many), p95(all.few)]
report({
  name: 'reports',
  value,
  unit: 'ms',
  reference: { what: `the same questions over ${FEW.toLocaleString('en')} events`, value: reference },
  ratio: value / reference,
  aim: 'p95 at most 1.5 times, and below 100 ms',
  met: value / reference <= 1.5 && value < 100,
  events: MANY,
  people: MANY / EVENTS_OF_ONE,
  rounds,
  ...Object.fromEntries(
    [...times].map(([name, each]) => [name, `${p95(each.few).toFixed(1)} -> ${p95(each.many).toFixed(1)} ms`]),
  ),
})

async function openHouse(events: number) {
  const server = await startServer()
  const { workspace_id, ask } = await openWorkspace(server)
  note(`the people of ${events.toLocaleString('en')} events ...`)
  await giveContacts(server.database.url, workspace_id, events / EVENTS_OF_ONE)
  await giveJourneys(server.database.url, workspace_id, events / EVENTS_OF_ONE)
  await giveAttribution(server.database.url, workspace_id)
  return { ask: (path: string) => ask(`/reports/${path}`), stop: () => server.stop() }
}

async function round(questions: typeof QUESTIONS) {
  for (const [name, path] of questions) {
    const each = times.get(name)!
    each.few.push(await timeOf(() => few.ask(path)))
    each.many.push(await timeOf(() => many.ask(path)))
  }
}

async function timeOf(verb: () => Promise<unknown>) {
  const from = performance.now()
  await verb()
  return performance.now() - from
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

function p95(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN
}
