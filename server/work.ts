import type { FastifyBaseLogger } from 'fastify'
import type { Context } from './http/routes.ts'
import { keepTime } from './queue/periodic.ts'
import { SCHEDULE } from './schedule.ts'

export type Working = { stop(): Promise<void> }

/** Everything that this process does without being asked: the visible list. What is started first is stopped last. */
export function startWork(context: Context, log: FastifyBaseLogger): Working {
  const { database } = context
  const loops: Working[] = [keepTime(database.system, SCHEDULE, { log })]
  return {
    async stop() {
      for (const loop of loops.toReversed()) await loop.stop()
    },
  }
}
