import type { Person } from '../contacts/match.ts'
import { type Part, part, type Waiting } from './delivery.ts'
import { failedFilter } from './filter.ts'
import type { Item } from './formats/format.ts'
import { type Mapped, mapLead } from './mapping.ts'
import { type Meeting, readMeeting } from './meeting.ts'
import { type Settings, settingsKey } from './settings.ts'
import { LONGEST } from './targets.ts'

/** A lead of a delivery, understood but not decided. */
export type Candidate = {
  waiting: Waiting
  settings: Settings
  /** Its place in the delivery. */
  at: number
  item: Item
  mapped: Mapped
  person: Person
  /** What it says of a meeting, when it can be used. */
  meeting: Meeting | null
  is_test: boolean
}

/** What a sender only named, by its id: what was fetched since, or why it cannot be had. */
export type Got = Record<string, { fields: Item['fields'] } | { error: string }>

/** Of each delivery what became of its parts; undefined where it is not decided yet. */
export type Parts = Map<Waiting, (Part | undefined)[]>

/** A delivery as it stands: what was made of it earlier stays. */
export type Opened = {
  waiting: Waiting
  is_first: boolean
  earlier: Part[] | null
  fetched: Got | null
}

/**
 * Reads and maps every lead, and says of those for which nothing has to be looked up what becomes of them: what cannot be read or
 * reached, what is captured, what a filter leaves out. No query, no state.
 */
export function consider(opened: Opened[], settings: Map<string, Settings>): { parts: Parts; candidates: Candidate[] } {
  const parts: Parts = new Map()
  const candidates: Candidate[] = []
  for (const one of opened) {
    const { waiting } = one
    const { read } = waiting
    const how = settings.get(settingsKey(waiting))!
    if (!read.ok) {
      parts.set(waiting, [
        how.active ? part('quarantined', { reason: 'unreadable', error: read.reason }) : part('refused', { reason: 'inactive' }),
      ])
      continue
    }
    parts.set(
      waiting,
      read.items.map((item, at) => {
        const judged = one.earlier?.[at]?.state === 'accepted' ? one.earlier[at]! : judge(one, how, item, at)
        if ('state' in judged) return judged
        candidates.push(judged)
        return undefined
      }),
    )
    if (read.items.length === 0) parts.set(waiting, [part('ignored')])
  }
  return { parts, candidates }
}

function judge({ waiting, fetched }: Opened, settings: Settings, given: Item, at: number): Part | Candidate {
  const is_test = given.is_test || settings.test_mode
  if (given.kind === 'ignored') return part('ignored', { is_test })
  if (!settings.active) return part('refused', { reason: 'inactive', is_test })
  const got = given.kind === 'fetch' ? fetched?.[given.fetch?.id ?? ''] : { fields: {} }
  if (got === undefined) return part('fetching', { is_test })
  if ('error' in got) return part('quarantined', { reason: 'not_fetched', error: got.error, is_test })
  const item = { ...given, fields: { ...given.fields, ...got.fields } }
  if (settings.capture) return part('captured', { is_test })

  const mapped = mapLead(item.fields, settings)
  const { values, problems } = mapped
  const person = personOf(waiting, settings, mapped)
  const meeting = item.meeting ? meetingOf(waiting, settings, item, mapped) : null
  if (meeting?.change === 'cancelled') return { waiting, settings, at, item, mapped, person, meeting, is_test }
  if (meeting === null && waiting.is_meeting) return part('quarantined', { reason: 'invalid_time', fields: problems, is_test })
  if (person.email === null && person.phone === null) return unreachable(mapped, is_test)
  const failed = failedFilter(settings.filters, mapped)
  if (failed)
    return part('refused', { reason: 'filtered', fields: { ...problems, [failed.field]: 'is left out by a filter' }, is_test })
  const external_id = item.is_test ? null : item.delivery_key
  if (external_id !== null) values.external_id = external_id.slice(0, LONGEST.key)
  return { waiting, settings, at, item, mapped, person, meeting, is_test }
}

/** What cannot be used is told in `problems`: with the lead, nothing is lost. */
function meetingOf({ received_at }: Waiting, settings: Settings, item: Item, { fields, problems }: Mapped): Meeting | null {
  // What a rule has put under a name of its own counts before what came.
  const read = readMeeting({ ...item.fields, ...(fields as Item['fields']) }, settings, item.meeting)
  const { meeting } = read
  Object.assign(problems, read.problems)
  if (meeting.change === 'cancelled') return meeting
  if (meeting.scheduled_at !== null && Date.parse(meeting.scheduled_at) < received_at) problems.scheduled_at = 'is in the past'
  return problems.scheduled_at === undefined ? meeting : null
}

function unreachable({ values, fields, problems }: Mapped, is_test: boolean): Part {
  const said = Object.keys(problems).filter(name => name === 'email' || name === 'phone')
  const nothing = Object.keys(values).length === 0 && Object.keys(fields).length === 0
  const missing = { email: nothing ? 'or a phone is required; nothing came' : 'or a phone is required' }
  return said.length > 0
    ? part('quarantined', { reason: 'invalid_fields', fields: problems, is_test })
    : part('quarantined', { reason: 'nobody', fields: { ...problems, ...missing }, is_test })
}

function personOf(waiting: Waiting, settings: Settings, { values }: Mapped): Person {
  const { email = null, phone = null, user_id = null } = values as Record<string, string | undefined>
  return {
    workspace_id: waiting.workspace_id,
    scope: settings.dedupe_scope === 'source' ? `webhook ${settings.id}` : '',
    email,
    phone,
    user_id,
    traits: traitsOf(values),
    at: waiting.received_at,
  }
}

const TRAITS = ['first_name', 'last_name', 'age', 'gender', 'date_of_birth', 'company', 'job_title'] as const
const ADDRESS = ['street', 'city', 'state', 'zip_code', 'country'] as const

/** What a lead says about the person. The address is one value, because half of an old one and half of a new one is none. */
export function traitsOf(values: Mapped['values']): Record<string, unknown> {
  const named = TRAITS.flatMap(name => (values[name] === undefined ? [] : [[name, values[name]] as const]))
  const address = ADDRESS.flatMap(name => (values[name] === undefined ? [] : [[name, values[name]] as const]))
  return Object.fromEntries(address.length > 0 ? [...named, ['address', Object.fromEntries(address)]] : named)
}
