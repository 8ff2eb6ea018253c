import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Config } from '../config.ts'
import { fail, giveUp } from '../queue/fail.ts'
import { finish } from '../queue/finish.ts'
import type { Job } from '../queue/job.ts'
import { type Worker, work } from '../queue/work.ts'
import { isAddress } from './address.ts'
import { letterOf, type Mail } from './letter.ts'
import { withLink } from './link.ts'
import { QUEUE } from './mail.ts'
import { senderOf } from './sender.ts'
import { type Outcome, openSmtp } from './smtp.ts'

type Log = { info(details: object, sentence: string): void; warn(details: object, sentence: string): void }
type Posting = Job<{ mail_id: number }>
type Stored = Mail & { sealed_link: string | null }

/** Seconds before each further attempt: soon for a server that restarts or wants to see us twice, in all a day for one that must be mended. */
const DELAYS = [60, 300, 1800, 7200, 14_400, 21_600, 43_200]

/** A stop waits this long for the mail that is on its way; afterwards somebody else sends it again. */
const PATIENCE_MS = 3000

/**
 * Sends what `sendMail` wrote, by the server of SMTP_URL; without one it is marked as kept. Throws ConfigError when SMTP_URL names a
 * sender that is none. Runs as the system's role: mails are of all workspaces.
 */
export function startPost(sql: postgres.Sql, config: Config, { log }: { log: Log }): Worker {
  const sender = senderOf(config)
  const smtp = config.smtp_url === undefined ? undefined : openSmtp(config.smtp_url)
  const worker = work<Posting['payload']>(sql, {
    queue: QUEUE,
    concurrency: 1,
    share: 1,
    delays: DELAYS,
    log,
    run: async (job, { signal }) => {
      const mail = await find(sql, job)
      if (!mail) return 'nothing to send' // it went out, and the process died before it had ended the job
      if (!smtp) return keep(sql, job, mail, log)
      const outcome = isAddress(mail.to_address) ? await smtp.send(letterOf(withLink(config, mail), sender), signal) : NO_ADDRESS
      if (!outcome.sent) signal.throwIfAborted()
      await insist(() => settle(sql, job, outcome, log), signal)
      return 'settled'
    },
  })
  return {
    stop: async (patience_ms = PATIENCE_MS) => {
      await worker.stop(patience_ms)
      smtp?.close()
    },
  }
}

const NO_ADDRESS: Outcome = { sent: false, again: false, error: 'This is not an e-mail address.' }

async function find(sql: postgres.Sql, { workspace_id, payload }: Posting): Promise<Stored | undefined> {
  const [mail] = await sql<Stored[]>`
    select workspace_id, id, to_address, subject, body, calendar, sealed_link, created_at
      from mails
     where workspace_id = ${workspace_id} and id = ${payload.mail_id} and state = 'queued'`
  return mail
}

async function keep(sql: postgres.Sql, { workspace_id }: Posting, { id, subject }: Mail, log: Log) {
  await sql`update mails set state = 'kept', sealed_link = null where workspace_id = ${workspace_id} and id = ${id} and state = 'queued'`
  log.info({ workspace_id, mail: id, subject }, 'A mail was kept and not sent: SMTP_URL is not set.')
}

/**
 * Writes down what became of it, with the job in one transaction. That a mail was sent is true, whoever holds the lease by now;
 * everything else is said only by its holder.
 */
async function settle(sql: postgres.Sql, job: Posting, outcome: Outcome, log: Log) {
  const { workspace_id } = job
  const id = job.payload.mail_id
  await sql.begin(async tx => {
    if (outcome.sent) {
      await finish(tx, job)
      return tx`
        update mails
           set state = 'sent', sent_at = now(), error = null, sealed_link = null
         where workspace_id = ${workspace_id} and id = ${id} and state <> 'sent'`
    }
    const ended = outcome.again ? await fail(tx, job, outcome.error, DELAYS) : await giveUp(tx, job, outcome.error)
    if (ended === 'lost') return
    const error =
      ended === 'failed' && outcome.again
        ? `${outcome.error.replace(/\.?$/, '.')} Given up after ${job.attempt} attempts.`
        : outcome.error
    log.warn(
      { workspace_id, mail: id, attempt: job.attempt, error },
      ended === 'again' ? 'A mail is tried again.' : 'A mail failed.',
    )
    return tx`
      update mails
         set error = ${error}, state = ${ended === 'failed' ? 'failed' : 'queued'},
             sealed_link = ${ended === 'failed' ? null : tx`sealed_link`}
       where workspace_id = ${workspace_id} and id = ${id} and state = 'queued'`
  })
}

/** For ten minutes: a database that is away comes back, and a mail of which nobody knows that it was sent is sent again. */
async function insist(write: () => Promise<unknown>, signal: AbortSignal) {
  for (let tries = 1; ; tries++) {
    try {
      return await write()
    } catch (error) {
      if (signal.aborted || tries === 600) throw error
      await sleep(1000, undefined, { signal }).catch(() => {})
    }
  }
}
