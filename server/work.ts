import type { FastifyBaseLogger } from 'fastify'
import { chainActivities } from './activities/chain/extend.ts'
import { keepTelling } from './activities/relay.ts'
import type { Readers } from './activities/told.ts'
import { startReadingCalendars } from './appointments/calendars/read-busy.ts'
import { startReminding } from './appointments/calendars/remind.ts'
import { startWritingLetters } from './appointments/calendars/write-letters.ts'
import { noticeHandOns } from './appointments/hand-on/notice.ts'
import { startHandingOn } from './appointments/hand-on/work.ts'
import { attribute } from './attribution/attribute.ts'
import { noticeLateVisits } from './attribution/notice.ts'
import { noticeCurrency, startSummingUp } from './conversions/currency.ts'
import { noticeSignUps } from './crm/notice.ts'
import { startRuns } from './crm/runs/work.ts'
import { startTelling } from './crm/tell.ts'
import { openEgress } from './egress/egress.ts'
import { askToConfirm } from './events/confirmation/ask.ts'
import type { Context } from './http/routes.ts'
import { keepTimings } from './http/timings.ts'
import { startBackfilling } from './intake/backfill.ts'
import { startFetching } from './intake/fetch.ts'
import { type Follower, keepFollowing } from './journeys/follow.ts'
import { noticeJourneys } from './journeys/notice.ts'
import { startPost } from './mail/post.ts'
import { eraseContacts } from './privacy/start.ts'
import { startErasing } from './privacy/work.ts'
import { measureQueues } from './queue/measure.ts'
import { keepTime } from './queue/periodic.ts'
import { tablesOf } from './reports/tables.ts'
import { scheduleOf } from './schedule.ts'
import { startKeepingSegments } from './segments/look.ts'
import { noticeSegments } from './segments/notice.ts'
import { startTransfers } from './transfers/work.ts'
import { deliver } from './webhooks/deliver.ts'
import { forwardLeads } from './webhooks/forwarding/forward.ts'
import { tellEndpoints } from './webhooks/tell.ts'
import { showWaiting } from './webhooks/waiting.ts'

export type Working = { stop(): Promise<void> }

/** Who is told what was committed. Their names stand in jobs: one that is gone keeps its place here until its jobs are done. */
export const READERS: Readers = {
  audit: chainActivities,
  webhooks: tellEndpoints,
  forwarding: forwardLeads,
  currency: noticeCurrency,
  hand_on: noticeHandOns,
  journeys: noticeJourneys,
  late_visits: noticeLateVisits,
  segments: noticeSegments,
}

/** Who sums people up after their journeys, in the same transaction. */
export const FOLLOWERS: Follower[] = [attribute]

/** Everything that this process does without being asked: the visible list. What is started first is stopped last. */
export function startWork(context: Context, log: FastifyBaseLogger): Working {
  const { database, config, metrics, timings } = context
  const egress = context.egress ?? openEgress({ allowed_cidrs: config.webhook_allowed_cidrs })
  if (metrics) {
    measureQueues(database.system, metrics)
    showWaiting(database.system, metrics)
  }
  const loops: Working[] = [
    startPost(database.system, config, { log }), // first: a wrong sender in SMTP_URL ends the start before anything runs
    keepTime(database.system, scheduleOf(config), { log }),
    keepTelling(database.system, { ...READERS, confirmation: askToConfirm(config), crm: noticeSignUps(config) }, { log }),
    keepFollowing(database.system, FOLLOWERS, { log }),
    deliver({ database, config, egress, metrics, log }),
    startTelling({ sql: database.system, config, egress, log }),
    startRuns({ sql: database.system, config, egress, log }),
    startTransfers({ database, config, log, erase: eraseContacts, reports: tablesOf(database) }),
    startErasing({ sql: database.system, config, log }),
    startSummingUp(database, { log }),
    startHandingOn(database, log),
    startKeepingSegments(database, log),
    startFetching({ sql: database.system, config, egress, log }),
    startBackfilling({ sql: database.system, config, egress, log }),
    startWritingLetters({ sql: database.system, config, log }),
    startReminding({ sql: database.system, config, log }),
    ...(timings ? [keepTimings(timings, database.system, log)] : []),
    startReadingCalendars({ sql: database.system, config, egress, log }),
  ]
  return {
    async stop() {
      for (const loop of loops.toReversed()) await loop.stop()
      if (!context.egress) await egress.close()
    },
  }
}
