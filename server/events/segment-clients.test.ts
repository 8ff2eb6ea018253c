import { Analytics } from '@segment/analytics-node'
import { expect, test } from 'vitest'
import { freshApp } from '../../test/app.ts'
import { sally, traitsOf } from '../../test/people.ts'

test("Segment's library for Node sends here unmodified, with its host as the only change", async () => {
  const fresh = await freshApp()
  const analytics = new Analytics({ writeKey: fresh.write_key, host: await fresh.listen(), maxRetries: 0 })
  const failed: unknown[] = []
  analytics.on('error', error => failed.push(error))
  analytics.page({ anonymousId: sally.laptop, name: 'Prices', properties: { url: 'https://shop.example/prices' } })
  analytics.alias({ userId: sally.user_id, previousId: sally.laptop })
  analytics.identify({ userId: sally.user_id, traits: traitsOf(sally) })
  analytics.track({ userId: sally.user_id, event: 'purchase_completed', properties: { amount: 49, currency: 'EUR' } })
  analytics.screen({ userId: sally.user_id, name: 'Orders' })
  analytics.group({ userId: sally.user_id, groupId: 'acme', traits: { plan: 'pro' } })
  await analytics.flush()

  expect(failed).toEqual([])
  const events = await fresh.database.system`select event, is_bot from events order by id`
  expect(events.map(row => row.event)).toEqual([
    'page_viewed',
    'alias',
    'identify',
    'purchase_completed',
    'screen_viewed',
    'group',
  ])
  expect(events.filter(row => row.is_bot)).toEqual([])
  const [visit] = await fresh.database.system`select ip, user_agent from sessions`
  expect(visit, 'the address of a server is nobody’s').toMatchObject({ ip: null, user_agent: null })
  const [contact] = await fresh.database.system`select email, user_id, stage from contacts`
  expect(contact).toEqual({ email: sally.email, user_id: sally.user_id, stage: 'converted' })
  await analytics.closeAndFlush()
})
