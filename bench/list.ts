import { openWorkspace } from './support/ask.ts'
import { giveContacts } from './support/contacts.ts'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'

// Every sort, filter and search of the list of contacts at 1,000,000 of them and at 10,000, in two databases side by side: each question
// is put to both in turn, so what else the machine does meets both.
const MANY = 1_000_000
const FEW = 10_000
const SECONDS = 30

const few = await openHouse(FEW)
const many = await openHouse(MANY)

/** The n-th time somebody asks: of another person, wherever they stand in the order. */
const QUESTIONS: [name: string, query: (k: number, count: number) => string][] = [
  ['newest visit', () => ''],
  ['oldest visit', () => 'sort=last_visit'],
  ['newest', () => 'sort=-created_at'],
  ['oldest', () => 'sort=created_at'],
  ['by name', () => 'sort=name'],
  ['by name, from Z', () => 'sort=-name'],
  ['by e-mail', () => 'sort=email'],
  ['of a stage', k => `stage=${['lead', 'engaged', 'offer_viewed', 'converted'][k % 4]}`],
  ['converted, by name', () => 'stage=converted&sort=name'],
  ['members', () => 'is_member=true'],
  ['no members, oldest first', () => 'is_member=false&sort=created_at'],
  ['of a large country', () => 'country_code=US'],
  ['of a small country', () => 'country_code=IS'],
  ['of a small country, by e-mail', () => 'country_code=IS&sort=email'],
  ['of no country', () => 'country_code=NO'],
  ['converted members of a country', () => 'stage=converted&is_member=true&country_code=FR&sort=-created_at'],
  ['an e-mail', (k, count) => `email=person${somebody(k, count)}@example.com`],
  ['a phone', (k, count) => `phone=1${2_000_000_000 + somebody(k, count)}`],
  ['a user', (k, count) => `user_id=user-${Math.floor(somebody(k, count) / 10) * 10 + 3}`],
  ['search: a whole e-mail', (k, count) => `q=person${somebody(k, count)}@example.com`],
  ['search: part of a phone', (k, count) => `q=${2_000_000_000 + somebody(k, count)}`],
  ['search: a name that many have', k => `q=${['maria', 'smith', 'garcia', 'weber'][k % 4]}`],
  ['search: two words', k => `q=${['maria lopez', 'emma silva', 'ida horvat', 'noah petrov'][k % 4]}`],
  ['search: two words, by name', k => `q=${['maria lopez', 'emma silva', 'ida horvat', 'noah petrov'][k % 4]}&sort=name`],
  ['search: what all have', () => 'q=example.com'],
  ['search: two letters', k => `q=${['ma', 'ga', 'no', 'ze'][k % 4]}`],
  ['search: nothing has it', () => 'q=qqqzzz'],
  ['search: converted, by e-mail', () => 'q=schneider&stage=converted&sort=email'],
  ['search: a whole phone', (k, count) => `q=(1) ${2_000_000_000 + somebody(k, count)}`],
  ['search: members, by name', k => `q=${['maria', 'smith', 'garcia', 'weber'][k % 4]}&is_member=true&sort=name`],
  ['members who saw the offer, by name', () => 'stage=offer_viewed&is_member=true&sort=name'],
]
const times = new Map(QUESTIONS.map(([name]) => [name, { few: [] as number[], many: [] as number[] }]))

for (let k = 0; k < 3; k++) await round(k) // plans are made, pages are in memory
for (const each of times.values()) each.few.length = each.many.length = 0
let rounds = 0
for (const until = performance.now() + SECONDS * 1000; performance.now() < until || rounds < 5; rounds++) await round(rounds)
await few.stop()
await many.stop()

const all = { few: [...times.values()].flatMap(each => each.few), many: [...times.values()].flatMap(each => each.many) }
const [value, reference] = [p95(all.many), p95(all.few)]
const worst = [...times]
  .map(([question, each]) => ({ question, few: p95(each.few), many: p95(each.many) }))
  .sort((a, b) => b.many / b.few - a.many / a.few)
report({
  name: 'list',
  value,
  unit: 'ms',
  reference: { what: `the same questions at ${FEW.toLocaleString('en')} contacts`, value: reference },
  ratio: value / reference,
  aim: 'p95 at most 3 times',
  met: value / reference <= 3,
  contacts: MANY,
  rounds,
  p50_ms: quantile(all.many, 0.5),
  p50_of_few_ms: quantile(all.few, 0.5),
  slowest_p95_ms: Math.max(...worst.map(each => each.many)),
  // By what grows most: p95 at both sizes, in ms.
  ...Object.fromEntries(worst.map(({ question, few, many }) => [question, `${few.toFixed(1)} -> ${many.toFixed(1)}`])),
})

async function openHouse(count: number) {
  const from = performance.now()
  const server = await startServer()
  const { workspace_id, ask } = await openWorkspace(server)
  await giveContacts(server.database.url, workspace_id, count)
  note(`${count.toLocaleString('en')} contacts stored in ${((performance.now() - from) / 1000).toFixed(0)} s`)
  return { ask, count, stop: server.stop }
}

async function round(k: number) {
  for (const [name, query] of QUESTIONS) {
    const each = times.get(name)!
    // Whoever comes second has the warmer machine, so they take turns.
    for (const size of k % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)) {
      const { ask, count } = size === 'few' ? few : many
      const begun = performance.now()
      await ask(encodeURI(`/contacts?${query(k, count)}`))
      each[size].push(performance.now() - begun)
    }
  }
}

function somebody(k: number, count: number) {
  return 1 + ((k * 7919 + 17) % (count - 10))
}

function p95(values: number[]) {
  return quantile(values, 0.95)
}

function quantile(values: number[], part: number) {
  return values.sort((a, b) => a - b)[Math.floor(values.length * part)]!
}
