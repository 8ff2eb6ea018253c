import { Counter, Histogram, type Registry } from 'prom-client'
import type { Ready } from './ready.ts'
import type { AttemptMade } from './send.ts'

/** `stopped`: the server stopped before the answer. */
export type Outcome = AttemptMade['verdict'] | 'stopped'
export type Measure = (made: AttemptMade, outcome: Outcome, ready: Ready) => void

/** Counts the attempts of this process. */
export function measureAttempts(registry: Registry): Measure {
  const registers = [registry]
  const attempts = new Counter({
    name: 'throughline_webhook_attempts_total',
    help: 'Attempts by what came of them: delivered, failed, gone (410), withheld (purpose denied), or stopped with the server before the answer',
    labelNames: ['outcome'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'throughline_webhook_attempt_seconds',
    help: 'Time from the beginning of a request to the end of its answer',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const latency = new Histogram({
    name: 'throughline_webhook_latency_seconds',
    help: 'Time from the making of a message to the answer to its first attempt',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  return ({ status, at, ms }, outcome, { attempts: before, created_at }) => {
    attempts.inc({ outcome })
    seconds.observe(ms / 1000)
    if (before === 0 && created_at !== null && status !== null)
      latency.observe(Math.max(0, at + ms - created_at.getTime()) / 1000)
  }
}
