import { expect, test } from 'vitest'
import type { Lead } from '../../../shared/leads.ts'
import { isDue, isNew, originOf, priorityName } from './words.ts'

const at = '2026-03-10T12:00:00.000Z'
const lead = { kind: 'open', contact_attempts: 0, status_changed_at: at, created_at: at, follow_up_at: null } as Lead

test('a lead is new until somebody moves it, tries to reach the person, or closes it', () => {
  expect(isNew(lead)).toBe(true)
  expect(isNew({ ...lead, contact_attempts: 1 })).toBe(false)
  expect(isNew({ ...lead, status_changed_at: '2026-03-10T12:05:00.000Z' })).toBe(false)
  expect(isNew({ ...lead, kind: 'lost' })).toBe(false)
})

test('a follow-up is due from its minute on, and no longer when the lead is closed', () => {
  const now = Date.parse(at)
  expect(isDue({ ...lead, follow_up_at: at }, now)).toBe(true)
  expect(isDue({ ...lead, follow_up_at: at }, now - 1)).toBe(false)
  expect(isDue({ ...lead, follow_up_at: at, kind: 'won' }, now)).toBe(false)
})

test('says where a lead came from by its source, else by the webhook, with the campaign', () => {
  expect(originOf({ source: 'google', campaign: 'spring', webhook: 'Form' })).toBe('google · spring')
  expect(originOf({ source: null, campaign: null, webhook: 'Form' })).toBe('Form')
  expect(originOf({ source: null, campaign: null, webhook: null })).toBe(null)
  expect([1, 3, 5].map(priorityName)).toEqual(['Urgent', 'Normal', 'Lowest'])
})
