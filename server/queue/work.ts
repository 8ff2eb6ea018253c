import type postgres from 'postgres'
import { makeBell } from './bell.ts'
import { fail } from './fail.ts'
import { finish, report } from './finish.ts'
import { reap, release, renew } from './hold.ts'
import { CHANNEL, type Job } from './job.ts'
import { lease } from './lease.ts'
import { firstTurn } from './turn.ts'

export type Work<P> = {
  queue: string
  /** Jobs at a time in this process. */
  concurrency: number
  /** Jobs at a time of one key, in all processes together. */
  share: number
  /** Seconds before the second, the third ... attempt. */
  delays: readonly number[]
  /** Returns when the job is done, throws when the attempt failed, or returns 'settled' when it ended the job itself. */
  run(job: Job<P>, hold: Hold): Promise<unknown>
  /** How long a lease lasts without a renewal, which comes at a third of it. */
  lease_seconds?: number
  /** However quiet it is, the queue is looked at this often: a notification can be lost with its connection. */
  poll_ms?: number
  log?: { warn(details: object, sentence: string): void }
}

export type Hold = {
  /** Aborted when the job was cancelled, the lease was lost, or the server cannot wait any longer. */
  signal: AbortSignal
  progress(progress: object): Promise<boolean>
}

export type Worker = {
  /** Takes nothing new, waits for what runs, gives the rest back. */
  stop(patience_ms?: number): Promise<void>
}

type Running<P> = { job: Job<P>; abort: AbortController; ended: Promise<void> }

/** Works on one queue until it is stopped. Woken by the commit that brings work, by the time of the next job, and by each end of one. */
export function work<P = Record<string, unknown>>(sql: postgres.Sql, options: Work<P>): Worker {
  const { queue, concurrency, share, lease_seconds = 60, poll_ms = 5000, log = console } = options
  const running = new Map<number, Running<P>>()
  const bell = makeBell()
  const turn = firstTurn()
  let stopping = false

  const listening = attempt(() => sql.listen(CHANNEL, hear, bell.ring))
  const heartbeat = setInterval(() => void attempt(beat), (lease_seconds * 1000) / 3)
  void attempt(beat)
  const loop = keepClaiming()
  return { stop }

  async function keepClaiming() {
    while (!stopping) {
      const slept = await attempt(claim)
      if (!stopping) await bell.wait(slept ?? 1000)
    }
  }

  /** Fills the free places and returns how many milliseconds there is nothing to do. */
  async function claim(): Promise<number> {
    const limit = concurrency - running.size
    if (limit <= 0) return poll_ms
    const { jobs, next_ms = poll_ms } = await lease<P>(sql, { queue, limit, share, seconds: lease_seconds, turn })
    for (const job of jobs) start(job)
    return Math.min(next_ms, poll_ms)
  }

  function start(job: Job<P>) {
    const abort = new AbortController()
    const ended = perform(job, abort.signal).finally(() => {
      // A lease that was lost may have been taken again by this very process.
      if (running.get(job.id)?.job === job) running.delete(job.id)
      bell.ring()
    })
    running.set(job.id, { job, abort, ended })
  }

  async function perform(job: Job<P>, signal: AbortSignal) {
    try {
      const result = await options.run(job, { signal, progress: progress => report(sql, job, progress) })
      if (result !== 'settled') await finish(sql, job)
    } catch (error) {
      // An aborted job did not fail: it was cancelled, taken over, or is given back by `stop`.
      if (!signal.aborted) await attempt(() => fail(sql, job, inWords(error), options.delays))
    }
  }

  async function beat() {
    await reap(sql)
    const held = [...running.values()].map(({ job }) => job)
    if (held.length === 0) return
    for (const lost of await renew(sql, held, lease_seconds)) running.get(lost.id)?.abort.abort()
  }

  function hear(message: string) {
    if (message === queue) return bell.ring()
    const [word, workspace_id, id] = message.split(' ')
    const found = word === 'cancel' ? running.get(Number(id)) : undefined
    if (found?.job.workspace_id === Number(workspace_id)) found?.abort.abort()
  }

  async function stop(patience_ms = 8000) {
    stopping = true
    bell.ring()
    await loop
    const all = Promise.all([...running.values()].map(({ ended }) => ended))
    await Promise.race([all, later(patience_ms)])
    clearInterval(heartbeat)
    for (const { abort } of running.values()) abort.abort()
    const left = [...running.values()].map(({ job }) => job)
    if (left.length > 0) await attempt(() => release(sql, left))
    await attempt(async () => (await listening)?.unlisten())
  }

  /** The database may go away and come back; the loop stays. */
  async function attempt<T>(verb: () => Promise<T>): Promise<T | undefined> {
    try {
      return await verb()
    } catch (error) {
      log.warn({ queue, error: inWords(error) }, 'The queue could not reach the database; it tries again.')
      return undefined
    }
  }
}

function later(ms: number) {
  return new Promise<void>(resolve => setTimeout(resolve, ms).unref())
}

function inWords(error: unknown) {
  return error instanceof Error ? error.message : String(error)
}
