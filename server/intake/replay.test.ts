import { beforeAll, expect, test } from 'vitest'
import type { IntakeWaitingReplayed } from '../../shared/intake.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { open } from '../database/connect.ts'
import { visitorNumbers } from '../visitors/number.ts'
import { type Answered, deskOf, somebody } from './desk.fixture.ts'
import { processEach } from './intake.ts'
import { readStored } from './stored.ts'
import { sweepIntake } from './sweep.ts'

let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

/** A busy machine takes its time. */
const PATIENT = { timeout: 30_000 }

const replay = (id: number) => desk.ask('POST', `/intake-deliveries/${id}/replay`)

test('a delivery in quarantine is made into a lead after the mapping was mended', async () => {
  const to = await desk.make()
  const { email } = somebody()
  const { delivery_id } = (await desk.send(to, { courriel_perso: email, prenom: 'Sally' })).json<Answered>()
  expect((await replay(delivery_id)).json()).toMatchObject({ state: 'quarantined', reason: 'nobody', tries: 2 })
  await desk.change(to, { mapping: { email: { path: 'courriel_perso' } } })
  const shown = (await replay(delivery_id)).json()
  expect(shown).toMatchObject({ state: 'accepted', reason: null, fields: null, tries: 3 })
  expect(await desk.lead(shown.lead_id)).toMatchObject({ email, delivery_id })
})

test('an accepted one is never made twice, by whatever many replays at once', async () => {
  const to = await desk.make()
  const { delivery_id, lead_id } = (await desk.send(to, somebody())).json<Answered>()
  const selection = { ids: [delivery_id] }
  const answers = await Promise.all([
    ...Array.from({ length: 5 }, () => replay(delivery_id)),
    desk.ask('POST', '/intake-deliveries/replay', selection),
    desk.ask('POST', `/intake-webhooks/${to.id}/replay`),
  ])
  expect(answers.map(answer => answer.statusCode)).toEqual(Array(7).fill(200))
  expect(answers[5]!.json()).toEqual({ deliveries: 0 })
  expect((await desk.leads({ webhook_id: to.id })).map(lead => lead.id)).toEqual([lead_id])
})

test('one in quarantine is made once, by whatever many replays at once', async () => {
  const to = await desk.make({ mapping: { email: null } })
  const { delivery_id } = (await desk.send(to, { email: somebody().email })).json<Answered>()
  await desk.change(to, { mapping: null })
  await Promise.all(Array.from({ length: 8 }, () => replay(delivery_id)))
  expect(await desk.leads({ webhook_id: to.id })).toHaveLength(1)
})

test('of several leads in a delivery only those are made that were not', async () => {
  const to = await desk.make({ cap_day: 1 })
  const people = [somebody(), somebody(), { e: somebody().email }]
  const { delivery_id, lead_id } = (await desk.send(to, people)).json<Answered>()
  expect((await desk.delivery(delivery_id)).results!.map(part => part.state)).toEqual(['accepted', 'refused', 'quarantined'])
  await desk.change(to, { cap_day: null, mapping: { email: { first_of: ['e', 'email'] } } })
  const shown = (await replay(delivery_id)).json()
  expect(shown.results.map((part: { state: string }) => part.state)).toEqual(['accepted', 'accepted', 'accepted'])
  expect(shown.results[0].lead_id).toBe(lead_id)
  expect(await desk.leads({ webhook_id: to.id })).toHaveLength(3)
})

test('a selection is replayed together, and one id of nobody stops it', async () => {
  const to = await desk.make({ active: false })
  const ids: number[] = []
  for (let k = 0; k < 3; k++) ids.push((await desk.send(to, somebody())).json<Answered>().delivery_id)
  await desk.change(to, { active: true })
  expect((await desk.ask('POST', '/intake-deliveries/replay', { ids: [...ids, 999_999] })).statusCode).toBe(404)
  expect(await desk.leads({ webhook_id: to.id })).toHaveLength(0)
  expect((await desk.ask('POST', '/intake-deliveries/replay', { ids })).json()).toEqual({ deliveries: 3 })
  expect((await desk.leads({ webhook_id: to.id })).map(lead => lead.delivery_id)).toEqual(ids)
})

test('what waits is counted, and replayed in parts: each once, also what waits again', async () => {
  const to = await desk.make({ mapping: { email: null } })
  const people = Array.from({ length: 5 }, somebody)
  for (const { email } of people) await desk.send(to, { email })
  await desk.change(to, { capture: true })
  await desk.send(to, somebody())
  const waiting = async () => (await desk.ask('GET', `/intake-webhooks/${to.id}/waiting`)).json()
  expect(await waiting()).toEqual({ quarantined: 5, captured: 1 })

  // The second has nothing but a name: it waits again, and is not looked at twice.
  await desk.change(to, { capture: false, mapping: { email: { path: 'email', values: { [people[1]!.email]: '' } } } })
  const parts: number[] = []
  for (let after: number | null = 0; after !== null; ) {
    const answer = await desk.ask('POST', `/intake-webhooks/${to.id}/replay?limit=2&after_id=${after}`)
    const { deliveries, next_after_id }: IntakeWaitingReplayed = answer.json()
    parts.push(deliveries)
    after = next_after_id
  }
  expect(parts).toEqual([2, 2, 2, 0])
  expect(await waiting()).toEqual({ quarantined: 1, captured: 0 })
  expect(await desk.leads({ webhook_id: to.id })).toHaveLength(5)
})

/** A delivery as the server leaves it when it dies between storing and processing. */
async function orphan(person: object, seconds: number) {
  const to = await desk.make({ capture: true })
  const { delivery_id } = (await desk.send(to, person)).json<Answered>()
  await desk.change(to, { capture: false })
  await fresh.database.system`
    update intake_deliveries
       set state = 'received', processed_at = null, answered = null, tries = 0, received_at = now() - make_interval(secs => ${seconds})
     where workspace_id = ${desk.workspace_id} and id = ${delivery_id}`
  return { to, delivery_id }
}

test('what was stored and not processed is processed by the sweep, once, whoever sweeps', async () => {
  const old = await Promise.all(Array.from({ length: 5 }, () => orphan(somebody(), 60)))
  const young = await orphan(somebody(), 1)
  const { system } = fresh.database
  await Promise.all([sweepIntake(system), sweepIntake(system), sweepIntake(system)])
  for (const { to, delivery_id } of old) {
    expect(await desk.delivery(delivery_id)).toMatchObject({ state: 'accepted', tries: 1 })
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(1)
  }
  expect(await desk.delivery(young.delivery_id)).toMatchObject({ state: 'received' })
})

test('two processes that take up the same deliveries make each lead once', async () => {
  const orphans = await Promise.all(Array.from({ length: 10 }, () => orphan(somebody(), 60)))
  const ids = orphans.map(one => one.delivery_id)
  const { system } = fresh.database
  const waiting = await readStored(system, system`d.workspace_id = ${desk.workspace_id} and d.id = any(${ids}::bigint[])`)
  const numbers = visitorNumbers()
  await Promise.all([processEach(system, numbers, waiting), processEach(system, numbers, [...waiting].reverse())])
  const rows = await system`
    select delivery_id from leads where workspace_id = ${desk.workspace_id} and delivery_id = any(${ids}::bigint[])`
  expect(rows).toHaveLength(10)
})

test('one that cannot be stored goes into quarantine and takes nobody along', async () => {
  const to = await desk.make({ answer: 'fast' })
  // A trigger stands in for whatever we have not thought of.
  const { system, url } = fresh.database
  const admin = open(url)
  await admin.unsafe(`
    create function refuse_poison() returns trigger language plpgsql as $$
    begin
      if new.first_name = 'Poison' then raise exception 'no' using errcode = '22023'; end if;
      return new;
    end $$;
    create trigger refuse_poison before insert on leads for each row execute function refuse_poison()`)
  const people = [somebody(), { ...somebody(), first_name: 'Poison' }, somebody(), somebody()]
  const answers = await Promise.all(people.map(person => desk.send(to, person)))
  const ids = answers.map(answer => answer.json<Answered>().delivery_id)
  await expect
    .poll(async () => {
      const rows = await system`
        select state from intake_deliveries where workspace_id = ${desk.workspace_id} and id = any(${ids}::bigint[]) and state <> 'received'`
      return rows.length
    }, PATIENT)
    .toBe(4)
  const states = await Promise.all(ids.map(async id => (await desk.delivery(id)).state))
  expect(states).toEqual(['accepted', 'quarantined', 'accepted', 'accepted'])
  expect(await desk.delivery(ids[1]!)).toMatchObject({ reason: 'unstorable' })
  await admin.unsafe('drop trigger refuse_poison on leads')
  await admin.end()
  expect((await replay(ids[1]!)).json()).toMatchObject({ state: 'accepted' })
})
