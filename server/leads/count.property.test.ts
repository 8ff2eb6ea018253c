import { beforeAll, expect, test } from 'vitest'
import type { Pipeline } from '../../shared/pipelines.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Random, randomOf } from '../demo/random.ts'
import { allOf, type Desk, deskOf } from './desk.fixture.ts'
import { rebuildLeadCounts } from './rebuild.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const NOTHING = { lead_days: 0, stage_counts: 0 }

test.each(['one', 'two', 'three'])('after the random history %s what is counted of leads is what there is', async seed => {
  const desk = deskOf(fresh, await fresh.another())
  await live(desk, randomOf('leads', seed))
  expect(await rebuildLeadCounts(fresh.database, desk.workspace_id)).toEqual(NOTHING)

  const leads = (await allOf(desk, '/leads?', 200)).filter(lead => !lead.is_test)
  const { data: pipelines } = await desk.ask<{ data: Pipeline[] }>('GET', '/pipelines')
  for (const pipeline of pipelines) {
    for (const column of (await desk.board(`pipeline_id=${pipeline.id}&limit=200`)).columns) {
      const own = leads.filter(lead => lead.pipeline_id === pipeline.id && lead.status === column.status)
      expect(new Set(column.data.map(card => card.id))).toEqual(new Set(own.map(lead => lead.id)))
      expect([column.leads, column.revenue_potential]).toEqual([own.length, sum(own.map(lead => lead.revenue_potential ?? 0))])
    }
  }
  const days = await fresh.database.system<{ value: string; leads: number; converted: number; revenue: number }[]>`
    select value, sum(leads)::int as leads, sum(converted)::int as converted, sum(revenue)::float8 as revenue
      from lead_days
     where workspace_id = ${desk.workspace_id} and dimension = 'source'
     group by value`
  for (const { value, ...counted } of days) {
    const own = leads.filter(lead => (lead.source ?? '') === value)
    const converted = own.filter(lead => lead.conversion_count > 0).length
    expect(counted).toEqual({ leads: own.length, converted, revenue: sum(own.map(lead => lead.conversion_value)) })
  }
})

test('whatever is damaged is found and made again', async () => {
  const desk = deskOf(fresh, await fresh.another())
  await live(desk, randomOf('leads', 'damage'))
  const { system } = fresh.database
  const stored = async () => [
    await system`select * from lead_days where workspace_id = ${desk.workspace_id} and (leads, converted, revenue) <> (0, 0, 0) order by 1, 2, 3, 4`,
    await system`select * from stage_counts where workspace_id = ${desk.workspace_id} and (leads, revenue_potential) <> (0, 0) order by 1, 2, 3, 4`,
  ]
  const before = await stored()
  await system`update lead_days set leads = leads + 1 where workspace_id = ${desk.workspace_id} and dimension = 'webhook'`
  await system`delete from lead_days where workspace_id = ${desk.workspace_id} and dimension = 'source'`
  await system`update stage_counts set revenue_potential = 0 where workspace_id = ${desk.workspace_id}`
  await system`insert into stage_counts values (${desk.workspace_id}, 1, 'ghosts', 0, 7, 7)`
  const wrong = await rebuildLeadCounts(fresh.database, desk.workspace_id)
  expect(Math.min(wrong.lead_days, wrong.stage_counts)).toBeGreaterThan(0)
  expect(await stored()).toEqual(before)
  expect(await rebuildLeadCounts(fresh.database, desk.workspace_id)).toEqual(NOTHING)
})

function sum(values: number[]) {
  return Math.round(values.reduce((total, value) => total + value, 0) * 100) / 100
}

/** Everything that can happen to leads, one thing after the other and several at once. */
async function live(desk: Desk, random: Random) {
  const people = [(await desk.hire()).user_id, (await desk.hire()).user_id, null]
  const second = await desk.ask<Pipeline>('POST', '/pipelines', { name: 'Second' })
  await desk.ask('POST', '/assignment-rules', {
    name: 'All',
    strategy: 'weighted',
    members: [{ user_id: people[0] }, { user_id: people[1] }],
  })
  const ids: number[] = []
  const details = () => ({
    source: random.pick(['google', 'meta', null]),
    state: random.pick(['CA', 'NY', null]),
    campaign: random.pick(['spring', null]),
    campaign_id: random.pick(['77', null]),
    product: random.pick(['panels', null]),
    revenue_potential: random.pick([0.1, 0.2, 1234.56, null]),
    is_test: random.chance(0.2),
  })
  const step = async () => {
    const id = random.pick(ids)
    const status = random.pick(['new', 'contacted', 'won', 'lost'])
    const deed = random.pick(['edit', 'edit', 'edit', 'assign', 'status', 'move', 'sell', 'pipeline', 'selection'])
    if (deed === 'edit') {
      // One field at a time: what is counted must follow each of them alone.
      const [name, value] = random.pick(Object.entries({ ...details(), lead_type: random.pick(['solar', 'hvac']) }))
      return desk.answer('PATCH', `/leads/${id}`, { [name]: value })
    }
    if (deed === 'assign') return desk.answer('PATCH', `/leads/${id}`, { assigned_to: random.pick(people) })
    if (deed === 'status') return desk.answer('POST', `/leads/${id}/status`, { status })
    if (deed === 'move') return desk.answer('POST', `/leads/${id}/move`, { status, below_id: random.pick(ids) })
    if (deed === 'sell') return desk.answer('POST', `/leads/${id}/status`, { status: 'won', conversion: { value: 99.95 } })
    if (deed === 'pipeline') return desk.answer('POST', `/leads/${id}/status`, { status, pipeline_id: second.id })
    return desk.answer('POST', '/leads/selection', {
      ids: [...new Set([id, random.pick(ids)])],
      status,
      assigned_to: random.pick(people),
    })
  }
  for (let k = 0; k < 100; k++) {
    if (ids.length < 2 || random.chance(0.3)) ids.push((await desk.make(details())).id)
    else if (random.chance(0.2)) await Promise.all([step(), step(), step()])
    else await step()
  }
  expect(ids.length).toBeGreaterThan(5)
}
