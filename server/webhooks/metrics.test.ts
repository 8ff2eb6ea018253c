import { afterAll, beforeAll, expect, test } from 'vitest'
import { status } from '../../test/receiver.ts'
import { startMetrics } from '../http/metrics.ts'
import { type Delivering, startDelivering, until } from './delivering.fixture.ts'
import { showWaiting } from './waiting.ts'

let here: Delivering
beforeAll(async () => {
  here = await startDelivering()
})
afterAll(() => here.end())

test('says how many attempts were made, how they ended, how long they took, and what waits', async () => {
  const receiver = await here.receiver()
  const { id } = await here.endpoint(receiver.url)
  const failing = await here.endpoint((await here.receiver(status(500))).url)
  const metrics = startMetrics()
  here.worker({ metrics })
  await here.queue(id, 5)
  await here.all(id, 'delivered')
  await here.queue(failing.id, 1)
  await until(async () => (await here.attempts(failing.id)).length > 0)
  const text = await metrics.metrics()
  expect(text).toContain('throughline_webhook_attempts_total{outcome="delivered"} 5')
  expect(text).toContain('throughline_webhook_attempts_total{outcome="failed"} 1')
  expect(text).toContain('throughline_webhook_attempt_seconds_count 6')
  expect(text).toContain('throughline_webhook_latency_seconds_count 6')
})

test('what waits is counted over all processes, each time it is asked for', async () => {
  const { id: gone } = await here.endpoint('http://127.0.0.1:9999')
  const { id: due } = await here.endpoint('http://127.0.0.1:9999')
  await here.end()
  await here.system`update endpoints set state = 'paused', paused_by = 'gone' where id = ${gone}`
  await here.system`update endpoint_turns set due_at = case when endpoint_id = ${due} then now() - interval '90 seconds' end`
  await here.system`update activities set told = true`
  await here.system`update activities set told = false where id in (select id from activities limit 2)`
  const metrics = startMetrics()
  showWaiting(here.system, metrics)
  const text = await metrics.metrics()
  expect(text).toContain('throughline_webhook_endpoints_due 1\n')
  expect(text).toMatch(/throughline_webhook_oldest_due_seconds 9\d/)
  expect(text).toContain('throughline_webhook_endpoints_paused{by="gone"} 1')
  expect(text).toContain('throughline_webhook_endpoints_paused{by="person"} 0')
  expect(text).toContain('throughline_relay_untold_activities 2')
  expect(text).toContain('throughline_relay_untold_batches 0')
})
