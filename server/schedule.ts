import type postgres from 'postgres'
import { makeCheckpoints } from './activities/chain/checkpoint.ts'
import { chainEarlier } from './activities/chain/earlier.ts'
import { deleteOverdueHolds, missOverdue } from './appointments/sweep.ts'
import type { Config } from './config.ts'
import { tellNoShows } from './contacts/no-shows.ts'
import { syncWeekly } from './crm/sustainers/weekly.ts'
import { sweepCrm } from './crm/sweep.ts'
import { backfillAll } from './intake/backfill.ts'
import { sweepIntake } from './intake/sweep.ts'
import { abandonMails } from './mail/abandon.ts'
import { forgetEvents } from './privacy/forget-events.ts'
import { archiveUnengaged, eraseUnengaged } from './privacy/unengaged.ts'
import { retryErasures } from './privacy/work.ts'
import type { Task } from './queue/periodic.ts'
import { recountContacts } from './reports/health/contacts.ts'
import { lookAgain } from './segments/clock.ts'
import { forgetFiles } from './transfers/import/forget.ts'
import { forgetDeliveries, forgetEndpoints } from './webhooks/forget.ts'

/** Everything that happens by itself. Of several processes one does each; `doctor` shows when, how long it took and what failed. */
export const SCHEDULE: readonly Task[] = [
  ['make the event partitions of the next months', '1 day', makeEventPartitions],
  ['ask senders for leads of the last days that got lost on the way', '1 day', backfillAll],
  ['forget message ids after 30 days', '1 hour', forget('message_ids', 'received_at', '30 days', 'workspace_id, message')],
  ['forget idempotency keys after a day', '1 hour', forget('idempotency_keys', 'created_at', '24 hours', 'workspace_id, key')],
  ['forget refused events after a week', '1 hour', forget('event_refusals', 'received_at', '7 days', 'workspace_id, id')],
  ['forget ended jobs after a week', '1 hour', forget('jobs', 'finished_at', '7 days', 'workspace_id, id')],
  ['forget sessions of people that ran out', '1 hour', forget('user_sessions', 'expires_at', '0', 'token_hash')],
  ['forget sign-in links that ran out', '1 hour', forget('sign_in_links', 'expires_at', '0', 'token_hash')],
  ['forget wrong tries to sign in after a day', '1 hour', forget('sign_in_tries', 'tried_at', '1 day', 'key')],
  ['forget the salts of past days', '1 hour', forget('daily_salts', 'day', '2 days', 'day')],
  ['give up mails that nobody works on any more', '1 hour', abandonMails],
  ['forget mails after 90 days', '1 hour', forget('mails', 'created_at', '90 days', 'workspace_id, id')],
  ['forget deliveries of webhooks after the days that each workspace keeps them', '1 hour', forgetDeliveries],
  // Of deliveries that were forgotten while a request was under way; every other attempt went with its delivery long before.
  [
    'forget attempts that outlived their delivery',
    '1 day',
    forget('delivery_attempts', 'at', '401 days', 'workspace_id, delivery_id, id'),
  ],
  [
    'forget hours of endpoints after 90 days',
    '1 day',
    forget('endpoint_hours', 'hour', '90 days', 'workspace_id, endpoint_id, hour'),
  ],
  [
    'forget secrets of endpoints a week after they ran out',
    '1 hour',
    forget('endpoint_secrets', 'expires_at', '7 days', 'workspace_id, endpoint_id, id'),
  ],
  [
    'forget what endpoints sent with before, once no attempt can have been made with it',
    '1 day',
    forget('endpoint_versions', 'replaced_at', '402 days', 'workspace_id, endpoint_id, version'),
  ],
  ['count contacts again where somebody looks at their number', '1 minute', recountContacts],
  ['forget timings after 90 days', '1 day', forget('timings', 'hour', '90 days', 'workspace_id, hour, kind, bucket')],
  ['free slots that somebody held and did not book', '1 minute', deleteOverdueHolds],
  ['count appointments that nobody came to as no-shows', '1 minute', missOverdue],
  ['tell of contacts who registered a day ago and watched nothing', '1 minute', tellNoShows],
  ['chain activities of before there was a chain', '1 minute', chainEarlier],
  ['look again at contacts whose segments depend on the time', '10 minutes', lookAgain],
  ['sync sustainers of CRMs that were not read for a week', '1 hour', syncWeekly],
  ['process leads that were stored and not processed', '10 seconds', sweepIntake],
  [
    'forget deliveries of leads after 90 days',
    '1 hour',
    forget('intake_deliveries', 'received_at', '90 days', 'workspace_id, id'),
  ],
  [
    'forget counters of caps and rate limits of past months',
    '1 day',
    forget('intake_counters', 'period', '62 days', 'workspace_id, scope, period'),
  ],
  ['go on with erasures that failed', '1 hour', retryErasures],
  ['archive contacts who did nothing for as long as their workspace says', '1 day', archiveUnengaged],
  ['erase contacts who did nothing for as long as their workspace says', '1 day', eraseUnengaged],
  ['delete events of months that are older than their workspace keeps them', '10 minutes', forgetEvents],
  ['find what CRMs should be told and nobody tells', '1 hour', sweepCrm],
  ['forget what CRMs refused after 400 days', '1 day', forget('crm_log', 'at', '400 days', 'workspace_id, id')],
  ['forget the rows of imported files after 30 days', '1 hour', forgetFiles],
  [
    'forget files of exports after 7 days',
    '1 hour',
    forget('export_parts', 'created_at', '7 days', 'workspace_id, transfer_id, part'),
  ],
  ['forget deleted endpoints that have no log any more', '1 day', forgetEndpoints],
]

/** The same with what needs to know how the server is set up. */
export function scheduleOf(config: Config): readonly Task[] {
  return [...SCHEDULE, ['sign how far the chains of activities are', '1 day', sql => makeCheckpoints(sql, config)]]
}

/** Also called by the start, before the first event can arrive: the month may have turned while nobody was there. */
export async function makeEventPartitions(sql: postgres.Sql) {
  await sql`select ensure_event_partitions(now() - interval '1 month', now() + interval '2 months')`
}

/** How many rows go at once: some 50 ms, after which others have their turn at the table. */
const CHUNK = 5000

/** Deletes what is older, a chunk a transaction, so that a large backlog holds no lock for long. */
function forget(table: string, column: string, after: string, id: string) {
  return async (sql: postgres.Sql) => {
    for (;;) {
      const { count } = await sql.unsafe(`
        delete from ${table}
         where (${id}) in (select ${id} from ${table} where ${column} < now() - interval '${after}' limit ${CHUNK})`)
      if (count < CHUNK) return
    }
  }
}
