import { beforeAll, describe, expect, test } from 'vitest'
import type { Appointment, AppointmentShown } from '../../shared/appointments.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { at, type Diary, diaryOf } from './diary.fixture.ts'

let fresh: FreshApp
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
})

/** Each test has a workspace of its own, so that it sees only what it booked. */
async function open() {
  diary = diaryOf(fresh, await fresh.another())
}

async function pages(query: string, limit: number): Promise<number[]> {
  const ids: number[] = []
  for (let cursor = ''; ; ) {
    const page = await diary.ask<{ data: Appointment[]; next_cursor: string | null }>(
      'GET',
      `/appointments?${query}&limit=${limit}${cursor}`,
    )
    expect(page.data.length).toBeLessThanOrEqual(limit)
    ids.push(...page.data.map(one => one.id))
    if (page.next_cursor === null) return ids
    cursor = `&cursor=${page.next_cursor}`
  }
}

describe('the list', () => {
  test('is by time, both ways, in pages that neither repeat nor leave out, also of those at one time', async () => {
    await open()
    const booked: AppointmentShown[] = []
    for (const hour of [15, 9, 12, 12, 12, 10, 9]) booked.push(await diary.book({ scheduled_at: at(5, hour) }))
    const sorted = booked
      .toSorted((one, other) => one.scheduled_at.localeCompare(other.scheduled_at) || one.id - other.id)
      .map(({ id }) => id)
    for (const limit of [1, 2, 3, 7, 50]) {
      expect(await pages('', limit)).toEqual(sorted)
      expect(await pages('sort=-scheduled_at', limit)).toEqual(sorted.toReversed())
      expect(await pages('open=true', limit)).toEqual(sorted)
      expect(await pages('open=true&type=consultation', limit)).toEqual(sorted)
    }
    const { next_cursor } = await diary.ask<{ next_cursor: string }>('GET', '/appointments?limit=1')
    expect(await diary.answer('GET', `/appointments?sort=-scheduled_at&cursor=${next_cursor}`)).toMatchObject({
      code: 'invalid_cursor',
    })
  })

  test('is filtered by when, whose, what and how far it is, one by one and together', async () => {
    await open()
    const { user_id } = await diary.hire()
    await diary.ask('POST', '/appointment-types', { key: 'survey', name: 'Survey' })
    const lead = await diary.make()
    const of_anna = await diary.book({ assigned_to: user_id, scheduled_at: at(5, 10) })
    const survey = await diary.book({ type: 'survey', scheduled_at: at(5, 12), duration_minutes: 600 })
    const of_lead = await diary.book({ email: undefined, lead_id: lead.id, scheduled_at: at(6, 10), status: 'confirmed' })
    const cancelled = await diary.book({ assigned_to: user_id, scheduled_at: at(7, 10) })
    await diary.step(cancelled.id, 'cancel', {})
    const trial = await diary.book({ is_test: true, scheduled_at: at(8, 10) })
    const all = [of_anna, survey, of_lead, cancelled, trial].map(({ id }) => id)
    const found: [query: string, ids: number[]][] = [
      ['', all],
      [`assigned_to=${user_id}`, [of_anna.id, cancelled.id]],
      ['assigned_to=0', [survey.id, of_lead.id, trial.id]],
      ['assigned_to=0&open=true', [survey.id, of_lead.id, trial.id]],
      [`assigned_to=${user_id}&open=true`, [of_anna.id]],
      [`assigned_to=${user_id}&status=cancelled`, [cancelled.id]],
      ['open=true', [of_anna.id, survey.id, of_lead.id, trial.id]],
      ['open=false', [cancelled.id]],
      ['status=confirmed', [of_lead.id]],
      ['type=survey', [survey.id]],
      ['type=survey&open=true', [survey.id]],
      ['type=survey&status=cancelled', []],
      [`lead_id=${lead.id}`, [of_lead.id]],
      [`contact_id=${lead.contact_id}&open=true`, [of_lead.id]],
      ['is_test=true', [trial.id]],
      ['is_test=false&open=true', [of_anna.id, survey.id, of_lead.id]],
      // What ends after and begins before: the one that runs on is in the evening too.
      [`since=${at(5, 20)}&until=${at(6, 0)}`, [survey.id]],
      [`since=${at(5, 22)}&until=${at(7, 10)}`, [of_lead.id]],
      [`since=${at(5, 11)}&status=scheduled`, [survey.id, trial.id]],
      [`q=${of_lead.contact.email!.slice(0, 12)}`, [of_lead.id]],
      [`q=${of_anna.id}`, [of_anna.id]],
      ['q=customer&status=cancelled', [cancelled.id]],
      ['q=nobody-like-this', []],
    ]
    for (const [query, ids] of found) {
      const got = (await diary.appointments(query)).map(({ id }) => id)
      expect([query, query.startsWith('q=') ? got.toSorted((a, b) => a - b) : got]).toEqual([query, ids])
    }
    expect(await diary.answer('GET', '/appointments?contact_id=1')).toMatchObject({ status: 404 })
  })
})

describe('after a merge', () => {
  test('the appointments of both are those of the one that is left, until it is undone', async () => {
    await open()
    const [one, other] = [await diary.book({ scheduled_at: at(5, 10) }), await diary.book({ scheduled_at: at(5, 12) })]
    const merge = await diary.ask<{ id: number }>('POST', `/contacts/${one.contact_id}/merge`, {
      other_id: other.contact_id,
    })
    const ofContact = async (id: number) =>
      (await diary.ask<{ data: Appointment[] }>('GET', `/contacts/${id}/appointments`)).data.map(each => each.id)
    expect(await ofContact(one.contact_id)).toEqual([other.id, one.id])
    expect(await diary.find(other.id)).toMatchObject({ contact_id: one.contact_id, contact: { email: one.contact.email } })
    // Found by both names.
    const byName = async (q: string) => (await diary.appointments(`q=${encodeURIComponent(q)}`)).map(each => each.id)
    expect(await byName(other.contact.email!)).toContain(other.id)
    const later = await diary.book({ email: undefined, contact_id: other.contact_id, scheduled_at: at(5, 14) })
    expect(later.contact_id).toBe(one.contact_id)
    await diary.ask('POST', `/merges/${merge.id}/undo`)
    expect(await ofContact(one.contact_id)).toEqual([later.id, one.id])
    expect(await ofContact(other.contact_id)).toEqual([other.id])
    expect(await diary.find(other.id)).toMatchObject({ contact_id: other.contact_id })
  })
})
