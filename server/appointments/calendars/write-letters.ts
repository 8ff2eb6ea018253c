import type postgres from 'postgres'
import type { Config } from '../../config.ts'
import { type NewMail, sendMail } from '../../mail/mail.ts'
import { type Sender, senderOf } from '../../mail/sender.ts'
import { finish } from '../../queue/finish.ts'
import { type Worker, work } from '../../queue/work.ts'
import { manageKey } from '../booking/manage-token.ts'
import { type CalendarEntry, writeInvitation } from './ics.ts'
import { customerEntry, hostEntry, type Letter, letterToCustomer, letterToHost, type Occasion, type Said } from './letters.ts'
import { LETTERS_QUEUE, type News, type Told } from './mails.ts'
import { type Host, type Known, type Links, readOccasions } from './occasion.ts'

type Means = { sql: postgres.Sql; config: Config; log: { warn(details: object, sentence: string): void } }

const DELAYS = [10, 60, 600, 3600]

/**
 * Writes the letters that `tellPeople` asked for, those about one appointment one after the other. They are mails from the commit on with
 * which their job ends, so each is written once. Runs as the system's role.
 */
export function startWritingLetters({ sql, config, log }: Means): Worker {
  const links: Links = { public_url: config.public_url, manage_key: manageKey(config) }
  const sender = senderOf(config)
  return work<Told>(sql, {
    queue: LETTERS_QUEUE,
    concurrency: 4,
    share: 1,
    delays: DELAYS,
    log,
    run: async job => {
      const { workspace_id, payload } = job
      await sql.begin(async tx => {
        if (!(await finish(tx, job))) return
        const known = await readOccasions(
          tx,
          workspace_id,
          [payload.appointment_id],
          payload.was === null ? [] : [payload.was],
          links,
        )
        const found = known.get(payload.appointment_id)
        if (found) await sendMail(tx, workspace_id, lettersOf(payload, found, sender))
      })
      return 'settled'
    },
  })
}

/** To the customer, to who has it, and to who had it. */
function lettersOf(told: Told, { occasion: now, hosts, is_away, is_theirs }: Known, sender: Sender): NewMail[] {
  const host = told.assigned_to === null ? undefined : hosts.get(told.assigned_to)
  const before = told.was === null || told.was === told.assigned_to ? undefined : hosts.get(told.was)
  const occasion: Occasion = { ...now, ...asTold(told), host: host?.name ?? null }
  const organizer = { ...sender, name: now.workspace_name }
  const about = `appointment ${told.appointment_id}`
  const letters: NewMail[] = []

  function toCustomer(said: Said) {
    const { name, email } = occasion.customer
    if (email === null || is_theirs || (is_away && said !== 'handed_on')) return
    const entry = customerEntry(occasion, said === 'cancelled' || said === 'handed_on' ? 'cancelled' : 'sure')
    const calendar =
      said === 'asked' ? {} : { calendar: writeInvitation(entry, organizer, { name: name ?? email, address: email }) }
    letters.push({ to: email, ...letterToCustomer(said, occasion), about, ...calendar })
  }

  function toHost({ name, email, time_zone }: Host, said: Said) {
    const letter: Letter = letterToHost(said, occasion, time_zone)
    const calendar = writeInvitation(hostEntry(occasion, stateFor(said, occasion)), organizer, { name, address: email })
    letters.push({ to: email, ...letter, about, ...(is_theirs ? {} : { calendar }) })
  }

  const customer = TO_CUSTOMER[told.what](told)
  if (customer) toCustomer(customer)
  if (host) toHost(host, before || told.what === 'assigned' ? 'booked' : TO_HOST[told.what])
  if (before) toHost(before, told.what === 'handed_on' ? 'handed_on' : 'taken')
  return letters
}

function asTold({ version, scheduled_at, ends_at, updated_at, time_zone, location, place, cancel_reason, is_pending }: Told) {
  const times = { scheduled_at: new Date(scheduled_at), ends_at: new Date(ends_at), updated_at: new Date(updated_at) }
  return { version, ...times, time_zone, location, place: place as Occasion['place'], cancel_reason, is_pending }
}

function stateFor(said: Said, { is_pending }: Occasion): CalendarEntry['state'] {
  if (said === 'cancelled' || said === 'taken' || said === 'handed_on') return 'cancelled'
  return is_pending ? 'pending' : 'sure'
}

/** Who never heard of a person need not hear that it is another one. */
const TO_CUSTOMER: Record<News['what'], (told: Told) => Said | undefined> = {
  booked: told => (told.is_pending ? 'asked' : 'booked'),
  confirmed: () => 'booked',
  moved: told => (told.is_pending ? 'asked' : 'moved'),
  changed: told => (told.is_pending ? 'asked' : 'changed'),
  assigned: told => (told.is_pending || told.was === null || told.assigned_to === null ? undefined : 'taken'),
  handed_on: told => (told.is_pending ? undefined : 'handed_on'),
  cancelled: () => 'cancelled',
}

const TO_HOST: Record<News['what'], Said> = {
  booked: 'booked',
  confirmed: 'changed',
  moved: 'moved',
  changed: 'changed',
  assigned: 'booked',
  handed_on: 'changed',
  cancelled: 'cancelled',
}
