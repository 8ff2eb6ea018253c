import ICAL from 'ical.js'
import { expect } from 'vitest'
import type { MailShown } from '../../../shared/webhooks.ts'
import type { Diary } from '../diary.fixture.ts'

/** What was written about an appointment, the oldest first, once it is that much. */
export async function mailsAbout(diary: Diary, id: number, count: number): Promise<MailShown[]> {
  const read = async () => {
    const { data } = await diary.ask<{ data: MailShown[] }>('GET', '/mails?limit=200')
    return data.filter(mail => mail.about === `appointment ${id}`).reverse()
  }
  await expect.poll(async () => (await read()).length, { timeout: 20_000, interval: 50 }).toBe(count)
  return read()
}

/** The one event of an .ics file, as a calendar program reads it. */
export function eventIn(text: string | null) {
  const calendar = new ICAL.Component(ICAL.parse(text!))
  const event = calendar.getFirstSubcomponent('vevent')!
  const value = (name: string) => String(event.getFirstPropertyValue(name) ?? '')
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    uid: value('uid'),
    sequence: Number(value('sequence')),
    starts: value('dtstart'),
    ends: value('dtend'),
    status: value('status'),
    summary: value('summary'),
    location: value('location'),
    description: value('description'),
    organizer: value('organizer'),
    attendee: value('attendee'),
    names: calendar.getAllSubcomponents('vevent').length,
  }
}
