import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { alias, basic, batch, identify, page, track } from '../people.ts'
import type { Chance } from '../seeded.ts'

/** What people do on a site, in requests as clients send them: single events and batches, with people who tell who they are. */
export function visits(chance: Chance, count: number, { people = 200 } = {}): object[][] {
  const requests: object[][] = []
  for (let made = 0; made < count; ) {
    const size = Math.min(chance.pick([1, 1, 1, 5, 20]), count - made)
    requests.push(Array.from({ length: size }, () => event(chance, people)))
    made += size
  }
  return requests
}

function event(chance: Chance, people: number) {
  const who = chance.below(people)
  const common = {
    anonymousId: `device-${who}-${chance.below(2)}`,
    messageId: chance.text(24),
    timestamp: new Date(Date.now() - chance.below(7_200_000)).toISOString(),
    context: { userAgent: 'Mozilla/5.0 Firefox/130.0' },
  }
  const email = `person-${who}@example.com`
  return chance.pick([
    () => page('Home', common),
    () => page('Prices', { ...common, context: { ...common.context, page: { url: 'https://shop.example/?utm_source=letter' } } }),
    () => track('video_progress', { ...common, properties: { watch_percentage: chance.below(101) } }),
    () => track('registration', { ...common, properties: { email, first_name: `Person ${who}` } }),
    () => identify({ ...common, userId: `user-${who}`, traits: { email } }),
    () => alias(common.anonymousId, `user-${who}`, common),
    () => track('lesson_opened', { ...common, userId: `user-${who}` }),
  ])()
}

export type Told = { acknowledged: number; tries: number; unreachable: number; refused: Record<number, number>; wrong: string[] }

/** Clients who send each request until it is taken, the same message ids each time, as Segment's do. */
export async function sendUntilTaken(
  url: string,
  write_key: string,
  requests: object[][],
  {
    clients = 16,
    patience_ms = 120_000,
    onTaken = () => {},
  }: { clients?: number; patience_ms?: number; onTaken?: (told: Told) => void } = {},
): Promise<Told> {
  const told: Told = { acknowledged: 0, tries: 0, unreachable: 0, refused: {}, wrong: [] }
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const rest = requests.values()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (const messages of rest) {
        await sendOne(messages)
        told.acknowledged += messages.length
        onTaken(told)
      }
    }),
  )
  agent.destroy()
  return told

  async function sendOne(messages: object[]) {
    for (const until = Date.now() + patience_ms; Date.now() < until; ) {
      told.tries++
      const answer = await post(agent, `${url}/v1/batch`, basic(write_key), JSON.stringify(batch(...messages)))
      if (answer.status === 200 && answer.text === '{"success":true}') return
      if (answer.status === 0) told.unreachable++
      else told.refused[answer.status] = (told.refused[answer.status] ?? 0) + 1
      if (answer.status === 503 && !(Number(answer.retry_after) > 0)) told.wrong.push(`503 without Retry-After: ${answer.text}`)
      if (answer.status !== 0 && answer.status !== 503) told.wrong.push(`${answer.status} ${answer.text}`)
      await sleep(30)
    }
    throw new Error(`A request was not taken within ${patience_ms} ms; so far: ${JSON.stringify(told)}`)
  }
}

export type Answer = { status: number; text: string; retry_after: string | undefined }

/** Status 0: there was no answer, and nobody knows what became of the request. */
export function post(agent: Agent, url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise(resolve => {
    const nothing = () => resolve({ status: 0, text: '', retry_after: undefined })
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-type': 'application/json' } },
      response => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', chunk => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode!, text, retry_after: response.headers['retry-after'] }))
        response.on('error', nothing)
      },
    )
    outgoing.on('error', nothing)
    outgoing.end(body)
  })
}
