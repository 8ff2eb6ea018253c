import type { NewAppointment } from '../appointments/insert.ts'
import { momentOf } from '../appointments/local-time.ts'
import { DAY, HOUR } from './calendar.ts'
import type { Baker } from './desk.ts'
import { type Random, randomOf } from './random.ts'
import { PRODUCTS } from './site.ts'

/** Somebody who left an address, and when. */
export type Customer = { id: number; email: string; came_at: number }

/** A meeting from its booking to what came of it, which is the story's future for those to come. */
export type Meeting = {
  booking: Pick<
    NewAppointment,
    'contact_id' | 'type' | 'scheduled_at' | 'duration_minutes' | 'external_id' | 'customer_notes'
  > & {
    assigned_to: number
  }
  booked_at: number
  /** Where it was moved to. */
  moved_to: string | null
  is_confirmed: boolean
  end: 'completed' | 'cancelled' | 'no_show' | null
  outcome: string | null
  cancel_reason: string | null
  sale: number | null
}

const ZONE = 'Europe/Berlin'
/** Who moves a meeting does it on the same day. */
export const MOVED_AFTER = 5 * HOUR

/** Every fourth of those who left an address talks to a baker: in their order, so that each finds what those before left free. */
export function tellMeetings(seed: string, customers: Customer[], bakers: Baker[], until: number): Meeting[] {
  const taken = new Set<string>()
  return customers.flatMap(customer => {
    const random = randomOf(seed, 'meeting', customer.email)
    if (!random.chance(0.25)) return []
    const booked_at = customer.came_at + random.between(0.1, 4) * DAY
    const is_visit = random.chance(0.2)
    const first = findHour(random, bakers, taken, booked_at + DAY, is_visit)
    const is_moved = random.chance(0.12) && booked_at + MOVED_AFTER < until
    const second = is_moved ? findHour(random, [first.baker], taken, Date.parse(first.at) + DAY, is_visit) : null
    const at = Date.parse(second?.at ?? first.at)
    const meeting = decide(random, at, until)
    if (booked_at > until) return []
    const is_confirmed = meeting.is_confirmed && (booked_at + at) / 2 < until
    const { id: contact_id, email } = customer
    const booking = {
      contact_id,
      type: is_visit ? 'kitchen_visit' : 'starter_call',
      scheduled_at: first.at,
      duration_minutes: is_visit ? 120 : 30,
      assigned_to: first.baker.user_id,
      external_id: `demo ${email}`,
      customer_notes: random.chance(0.4) ? random.pick(WISHES) : null,
    }
    return [{ booking, booked_at, moved_to: second?.at ?? null, ...meeting, is_confirmed }]
  })
}

/** What came of it, if it was before the story ends; of some in the last days nobody has said yet. */
function decide(random: Random, at: number, until: number) {
  const [, end] = random.weighted([
    [70, 'completed'],
    [15, 'cancelled'],
    [15, 'no_show'],
  ] as const)
  const [, outcome] = random.weighted([
    [30, 'won'],
    [35, 'follow_up'],
    [20, 'not_interested'],
    [15, 'lost'],
  ] as const)
  const [, , amount] = random.weighted(PRODUCTS)
  const is_confirmed = random.chance(0.6)
  const is_over = at + 3 * HOUR < until && !(at > until - 2 * DAY && random.chance(0.5))
  if (!is_over) return { ...NOTHING, is_confirmed }
  if (end === 'cancelled') return { ...NOTHING, is_confirmed: false, end, cancel_reason: random.pick(REASONS) }
  if (end === 'no_show') return { ...NOTHING, is_confirmed, end }
  return { ...NOTHING, is_confirmed, end, outcome, sale: outcome === 'won' ? Number(amount) : null }
}

const NOTHING = { end: null, outcome: null, cancel_reason: null, sale: null } as const

/** The first hour from then on at which one of them works and has nothing else; a visit takes the one before and the two behind, too. */
function findHour(random: Random, bakers: readonly Baker[], taken: Set<string>, from: number, is_visit: boolean) {
  const start = Math.ceil(random.between(0, 9))
  for (let day = Math.floor(from / DAY) + 1; ; day++) {
    const date = new Date(day * DAY).toISOString().slice(0, 10)
    const weekday = ((day + 3) % 7) + 1
    for (let turn = 0; turn < 8 * bakers.length; turn++) {
      const baker = bakers[(start + turn) % bakers.length]!
      const hour = 9 + ((start + Math.floor(turn / bakers.length)) % 8)
      if (!baker.days.includes(weekday) || (is_visit && (hour < 10 || hour > 14))) continue
      const hours = is_visit ? [hour - 1, hour, hour + 1, hour + 2] : [hour]
      const names = hours.map(one => `${baker.user_id} ${date} ${one}`)
      const moment = momentOf(`${date}T${String(hour).padStart(2, '0')}:00`, ZONE)
      if (names.some(name => taken.has(name)) || !('at' in moment)) continue
      for (const name of names) taken.add(name)
      return { baker, at: new Date(moment.at).toISOString() }
    }
  }
}

const WISHES = [
  'My starter smells of nail varnish.',
  'The crust is pale, whatever I do.',
  'I would like to bake with spelt.',
  'We are three, and one of us is four years old.',
  'My oven has no steam.',
]
const REASONS = ['is ill', 'the oven is broken', 'has no time this week', 'wants to think about it']
