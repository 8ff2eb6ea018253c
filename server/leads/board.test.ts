import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Board, LeadShown } from '../../shared/leads.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Desk, deskOf } from './desk.fixture.ts'

let fresh: FreshApp
let desk: Desk
let ids: number[]
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  desk = deskOf(fresh, await fresh.another())
  ids = []
  // The newest lead is the first card.
  for (const revenue_potential of [100, 200.5, 300, 400]) ids.unshift((await desk.make({ revenue_potential })).id)
})

const cards = async (status: string, query = '') => (await desk.column(status, query)).data.map(card => card.id)
const move = (id: number, given: object) => desk.ask<LeadShown>('POST', `/leads/${id}/move`, given)

test('shows every stage with its count, its sum and its first cards', async () => {
  await move(ids[0]!, { status: 'contacted' })
  const { name, columns } = await desk.board('limit=2')
  expect(name).toBe('Leads')
  expect(
    columns.map(({ status, kind, leads, revenue_potential, data }) => [status, kind, leads, revenue_potential, data.length]),
  ).toEqual([
    ['new', 'open', 3, 600.5, 2],
    ['contacted', 'open', 1, 400, 1],
    ['qualified', 'open', 0, 0, 0],
    ['appointment', 'open', 0, 0, 0],
    ['proposal', 'open', 0, 0, 0],
    ['won', 'won', 0, 0, 0],
    ['lost', 'lost', 0, 0, 0],
  ])
})

test('gives the next cards of a column', async () => {
  const seen: number[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Board = await desk.board(`status=new&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(page.columns).toHaveLength(1)
    seen.push(...page.columns[0]!.data.map(card => card.id))
    cursor = page.columns[0]!.next_cursor
  }
  expect(seen).toEqual(ids)
  const { next_cursor } = (await desk.board('status=new&limit=1')).columns[0]!
  expect(await desk.answer('GET', `/leads/board?status=contacted&cursor=${next_cursor}`)).toMatchObject({ status: 400 })
  expect(await desk.answer('GET', '/leads/board?status=nowhere')).toMatchObject({ status: 404 })
})

test('is that of one person, or of nobody yet', async () => {
  const anna = await desk.hire('agent')
  await desk.ask('POST', '/leads/selection', { ids: [ids[1], ids[3]], assigned_to: anna.user_id })
  expect(await desk.column('new', `assigned_to=${anna.user_id}`)).toMatchObject({ leads: 2, revenue_potential: 400 })
  expect(await cards('new', `assigned_to=${anna.user_id}`)).toEqual([ids[1], ids[3]])
  expect(await desk.column('new', 'assigned_to=0')).toMatchObject({ leads: 2, revenue_potential: 600.5 })
  expect(await cards('new', 'assigned_to=0')).toEqual([ids[0], ids[2]])
})

describe('a card is put down', () => {
  test('below another one, above one, on top, and into an empty column', async () => {
    const [a, b, c, d] = ids as [number, number, number, number]
    await move(a, { status: 'new', below_id: c })
    expect(await cards('new')).toEqual([b, c, a, d])
    await move(d, { status: 'new', above_id: c })
    expect(await cards('new')).toEqual([b, d, c, a])
    await move(a, { status: 'new' })
    expect(await cards('new')).toEqual([a, b, d, c])
    await move(a, { status: 'new', below_id: c })
    expect(await cards('new')).toEqual([b, d, c, a])
    await move(b, { status: 'proposal' })
    await move(c, { status: 'proposal', below_id: b })
    await move(d, { status: 'proposal', below_id: b, above_id: c })
    expect(await cards('proposal')).toEqual([b, d, c])
    expect(await cards('new')).toEqual([a])
  })

  test('in another column, which is a change of its stage; in its own, which is nothing but order', async () => {
    const [a, b] = ids as [number, number]
    const before = await desk.ask<LeadShown>('GET', `/leads/${a}`)
    await move(a, { status: 'new', below_id: b })
    const events = async () =>
      (await desk.ask<{ data: { action: string }[] }>('GET', `/leads/${a}/events`)).data.map(event => event.action)
    expect(await events()).toEqual(['lead.created'])
    const lost = await move(a, {
      status: 'lost',
      lost_reason: 'No answer',
      if_updated_at: (await desk.ask<LeadShown>('GET', `/leads/${a}`)).updated_at,
    })
    expect(lost).toMatchObject({ status: 'lost', lost_reason: 'No answer' })
    expect(await events()).toEqual(['lead.lost', 'lead.status_changed', 'lead.created'])
    const late = await desk.answer('POST', `/leads/${a}/move`, { status: 'new', if_updated_at: before.updated_at })
    expect(late).toMatchObject({ status: 409, code: 'conflict' })
  })

  test('with the sale that wins it', async () => {
    const won = await move(ids[0]!, { status: 'won', conversion: { value: 4200 } })
    expect(won).toMatchObject({ kind: 'won', conversion_count: 1, conversion_value: 4200 })
  })

  test('between cards that are not there any more: somebody was faster', async () => {
    const [a, b] = ids as [number, number]
    await move(b, { status: 'contacted' })
    expect(await desk.answer('POST', `/leads/${a}/move`, { status: 'new', below_id: b })).toMatchObject({
      status: 409,
      code: 'conflict',
    })
    expect((await cards('new'))[0]).toBe(a)
  })

  test('again and again into the same place, until no number is left between its neighbours', async () => {
    const [a, b, c, d] = ids as [number, number, number, number]
    // Each time the last but one card goes between the first two: the room there halves each time.
    let order = [a, b, c, d]
    for (let k = 0; k < 60; k++) {
      const id = order[2]!
      await move(id, { status: 'new', below_id: order[0], above_id: order[1] })
      order = [order[0]!, id, ...order.filter(each => each !== order[0] && each !== id)]
      expect(await cards('new')).toEqual(order)
    }
  }, 120_000)

  test('among cards that all stand at the same place', async () => {
    await fresh.database.system`update leads set position = 7 where workspace_id = ${desk.workspace_id}`
    const order = await cards('new')
    await move(order[3]!, { status: 'new', below_id: order[0], above_id: order[1] })
    expect(await cards('new')).toEqual([order[0], order[3], order[1], order[2]])
  })
})

test('many who move cards at the same moment leave the counts and the order whole', async () => {
  const more = await Promise.all(Array.from({ length: 12 }, () => desk.make({ revenue_potential: 1 })))
  const all = [...ids, ...more.map(lead => lead.id)]
  const stages = ['new', 'contacted', 'qualified']
  await Promise.all(all.flatMap((id, k) => stages.map((_, n) => move(id, { status: stages[(k + n) % 3]! }))))
  const { columns } = await desk.board()
  expect(columns.flatMap(column => column.data.map(card => card.id)).sort()).toEqual([...all].sort())
  for (const { leads, data } of columns) expect(leads).toBe(data.length)
  expect(columns.reduce((sum, column) => sum + column.revenue_potential, 0)).toBe(1012.5)
})
