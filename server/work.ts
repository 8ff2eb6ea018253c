import type { FastifyBaseLogger } from 'fastify'
import { keepTelling } from './activities/relay.ts'
import type { Readers } from './activities/told.ts'
import type { Context } from './http/routes.ts'
import { startPost } from './mail/post.ts'
import { measureQueues } from './queue/measure.ts'
import { keepTime } from './queue/periodic.ts'
import { SCHEDULE } from './schedule.ts'
import { tellEndpoints } from './webhooks/tell.ts'

export type Working = { stop(): Promise<void> }

/** Who is told what was committed. Their names stand in jobs: one that is gone keeps its place here until its jobs are done. */
const READERS: Readers = { webhooks: tellEndpoints }

/** Everything that this process does without being asked: the visible list. What is started first is stopped last. */
export function startWork(context: Context, log: FastifyBaseLogger): Working {
  const { database, config, metrics } = context
  if (metrics) measureQueues(database.system, metrics)
  const loops: Working[] = [
    keepTime(database.system, SCHEDULE, { log }),
    startPost(database.system, config, { log }),
    keepTelling(database.system, READERS, { log }),
  ]
  return {
    async stop() {
      for (const loop of loops.toReversed()) await loop.stop()
    },
  }
}
