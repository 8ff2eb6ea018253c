import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type LeadType, READY_LEAD_TYPES } from '../../shared/lead-types.ts'
import type { LeadShown } from '../../shared/leads.ts'
import type { Pipeline } from '../../shared/pipelines.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Desk, deskOf } from './desk.fixture.ts'

let fresh: FreshApp
let desk: Desk
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  desk = deskOf(fresh, await fresh.another())
})

describe('pipelines', () => {
  const list = async () => (await desk.ask<{ data: Pipeline[] }>('GET', '/pipelines')).data
  const keys = (pipeline: Pipeline) => pipeline.stages.map(stage => stage.key)

  test('a workspace begins with one', async () => {
    const [first, ...others] = await list()
    expect(others).toEqual([])
    expect(first).toMatchObject({ name: 'Leads', is_default: true })
    expect(first!.stages.map(stage => [stage.key, stage.kind])).toEqual([
      ['new', 'open'],
      ['contacted', 'open'],
      ['qualified', 'open'],
      ['appointment', 'open'],
      ['proposal', 'open'],
      ['won', 'won'],
      ['lost', 'lost'],
    ])
    expect(keys(await desk.ask<Pipeline>('POST', '/pipelines', { name: 'Second' }))).toEqual(keys(first!))
  })

  test('stages get keys of their names, and keep them under other names and in another order', async () => {
    const stages = [{ name: 'Über uns' }, { name: 'Über uns' }, { name: '新しい' }, { name: 'Signed!', kind: 'won' }]
    const made = await desk.ask<Pipeline>('POST', '/pipelines', { name: 'Names', stages })
    expect(keys(made)).toEqual(['uber_uns', 'uber_uns_2', 'stage', 'signed'])
    const { id: lead_id } = await desk.make({ pipeline_id: made.id, status: 'uber_uns_2' })
    const turned = [...made.stages].reverse().map(({ key, name }) => ({ key, name: `${name} now` }))
    const changed = await desk.ask<Pipeline>('PATCH', `/pipelines/${made.id}`, { stages: turned })
    expect(changed.stages.map(({ key, name, kind, leads }) => [key, name, kind, leads])).toEqual([
      ['signed', 'Signed! now', 'won', 0],
      ['stage', '新しい now', 'open', 0],
      ['uber_uns_2', 'Über uns now', 'open', 1],
      ['uber_uns', 'Über uns now', 'open', 0],
    ])
    expect(await desk.ask('GET', `/leads/${lead_id}`)).toMatchObject({ status: 'uber_uns_2', status_name: 'Über uns now' })
  })

  test('a stage with a lead in it stays, with its kind, until the lead is moved; a test lead is one too', async () => {
    const [first] = await list()
    const lead = await desk.make({ is_test: true, status: 'contacted' })
    const without = first!.stages.filter(stage => stage.key !== 'contacted').map(({ key, name }) => ({ key, name }))
    const refused = await desk.answer('PATCH', `/pipelines/${first!.id}`, { stages: without })
    expect(refused).toMatchObject({ status: 409, code: 'in_use', message: expect.stringContaining('Contacted') })
    const lost = first!.stages.map(({ key, name, kind }) => ({ key, name, kind: key === 'contacted' ? 'lost' : kind }))
    expect(await desk.answer('PATCH', `/pipelines/${first!.id}`, { stages: lost })).toMatchObject({ status: 409 })
    await desk.ask('POST', `/leads/${lead.id}/status`, { status: 'new' })
    expect(keys(await desk.ask<Pipeline>('PATCH', `/pipelines/${first!.id}`, { stages: without }))).not.toContain('contacted')
    // What was there before is still told by name.
    const { stays } = await desk.ask<LeadShown>('GET', `/leads/${lead.id}`)
    expect(stays.map(stay => [stay.name, stay.kind])).toEqual([
      ['contacted', null],
      ['New', 'open'],
    ])
  })

  test('one is the default; it takes new leads and cannot be deleted', async () => {
    const [first] = await list()
    const second = await desk.ask<Pipeline>('POST', '/pipelines', {
      name: 'Second',
      stages: [{ name: 'Fresh' }],
      is_default: true,
    })
    expect((await list()).map(each => [each.name, each.is_default])).toEqual([
      ['Second', true],
      ['Leads', false],
    ])
    const lead = await desk.make()
    expect(lead).toMatchObject({ pipeline_id: second.id, status: 'fresh' })
    expect(await desk.answer('PATCH', `/pipelines/${second.id}`, { is_default: false })).toMatchObject({ status: 422 })
    expect(await desk.answer('DELETE', `/pipelines/${second.id}`)).toMatchObject({ status: 409, code: 'in_use' })
    await desk.ask('PATCH', `/pipelines/${first!.id}`, { is_default: true })
    expect(await desk.answer('DELETE', `/pipelines/${second.id}`)).toMatchObject({
      status: 409,
      message: expect.stringContaining('Fresh'),
    })
    await desk.ask('POST', `/leads/${lead.id}/status`, { status: 'new', pipeline_id: first!.id })
    expect(await desk.answer('DELETE', `/pipelines/${second.id}`)).toMatchObject({ status: 204 })
    expect((await list()).map(each => each.name)).toEqual(['Leads'])
  })

  test('need an open stage, and each key once', async () => {
    for (const stages of [
      [],
      [{ name: 'Won', kind: 'won' }],
      [
        { key: 'a', name: 'A' },
        { key: 'a', name: 'B' },
      ],
      [{ key: 'Not A Key', name: 'A' }],
    ])
      expect(await desk.answer('POST', '/pipelines', { name: 'x', stages })).toMatchObject({ status: 422 })
    const [first] = await list()
    const edit = (name: string) => desk.answer('PATCH', `/pipelines/${first!.id}`, { name, if_updated_at: first!.updated_at })
    expect((await Promise.all([edit('one'), edit('two')])).map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('lead types', () => {
  const list = async () => (await desk.ask<{ data: LeadType[] }>('GET', '/lead-types')).data

  test('solar, HVAC and insurance are ready, and one makes more', async () => {
    expect((await list()).map(type => type.key)).toEqual(['general', 'solar', 'hvac', 'insurance'])
    const fields = [{ key: 'area', label: 'Area', type: 'number', unit: 'm²' }]
    const roofing = await desk.ask<LeadType>('POST', '/lead-types', { key: 'roofing', name: 'Roofing', fields })
    expect(roofing).toEqual({ key: 'roofing', name: 'Roofing', fields, is_own: true })
    expect((await list()).at(-1)).toEqual(roofing)
    for (const key of ['roofing', 'solar'])
      expect(await desk.answer('POST', '/lead-types', { key, name: 'x' })).toMatchObject({ status: 409, code: 'already_exists' })
    const lead = await desk.make({ lead_type: 'roofing', fields: { area: '120 m2 or so' } })
    expect(lead).toMatchObject({ fields: { area: '120 m2 or so' }, problems: { area: 'is no number' } })
  })

  test('a ready one can be changed here, and is as it was when that is deleted', async () => {
    const ready = READY_LEAD_TYPES.find(type => type.key === 'solar')!
    const own = await desk.ask<LeadType>('PATCH', '/lead-types/solar', { name: 'Photovoltaics' })
    expect(own).toEqual({ ...ready, name: 'Photovoltaics', is_own: true })
    const elsewhere = deskOf(fresh)
    expect((await elsewhere.ask<{ data: LeadType[] }>('GET', '/lead-types')).data.find(type => type.key === 'solar')).toEqual({
      ...ready,
      is_own: false,
    })
    expect(await desk.answer('DELETE', '/lead-types/solar')).toMatchObject({ status: 204 })
    expect((await list()).find(type => type.key === 'solar')).toEqual({ ...ready, is_own: false })
    expect(await desk.answer('DELETE', '/lead-types/solar')).toMatchObject({ status: 404 })
  })

  test('stays while an intake webhook makes leads of it', async () => {
    await desk.ask('POST', '/lead-types', { key: 'roofing', name: 'Roofing' })
    const webhook = await desk.ask<{ id: number }>('POST', '/intake-webhooks', { name: 'Partner', lead_type: 'roofing' })
    expect(await desk.answer('DELETE', '/lead-types/roofing')).toMatchObject({
      status: 409,
      code: 'in_use',
      message: expect.stringContaining('Partner'),
    })
    await desk.ask('DELETE', `/intake-webhooks/${webhook.id}`)
    expect(await desk.answer('DELETE', '/lead-types/roofing')).toMatchObject({ status: 204 })
  })

  test('what does not fit is refused', async () => {
    const wrong = [
      [
        { key: 'a', label: 'A', type: 'text' },
        { key: 'a', label: 'B', type: 'text' },
      ],
      [{ key: 'a', label: 'A', type: 'choice' }],
      [{ key: '__proto__', label: 'A', type: 'text' }],
      [{ key: 'a', label: 'A', type: 'colour' }],
    ]
    for (const fields of wrong)
      expect(await desk.answer('POST', '/lead-types', { key: 'x', name: 'x', fields })).toMatchObject({ status: 422 })
  })
})
