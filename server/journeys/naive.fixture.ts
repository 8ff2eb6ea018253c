import type postgres from 'postgres'

/** Journeys and their sums, computed slowly and obviously from the raw events, conversions and who is who at this moment. */
export type NaivePerson = Record<string, number | null> & { watch_percentage: number; seconds_watched: number; replays: number }

type Raw = { visitor_id: number; person: number; event: string; at: number; properties: Record<string, unknown> }
type Won = { person: number; type: string; at: number; funnel_id: string | null }

export async function readNaive(sql: postgres.Sql, workspace_id: number) {
  const events = await sql<Raw[]>`
    select e.visitor_id, coalesce(-v.contact_id, v.person_id, v.id) as person, e.event, extract(epoch from e.occurred_at)::float8 * 1000 as at, e.properties
      from events e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where e.workspace_id = ${workspace_id} and not e.is_bot`
  const conversions = await sql<Won[]>`
    select coalesce(-c.merged_into, -c.id, -v.contact_id, v.person_id, v.id) as person, n.type, extract(epoch from n.converted_at)::float8 * 1000 as at,
           n.data->>'funnel_id' as funnel_id
      from conversions n
      left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
     where n.workspace_id = ${workspace_id} and n.status <> 'void' and not n.is_test`
  const funnels = await sql<
    { funnel_id: string; goal: string }[]
  >`select funnel_id, goal from funnels where workspace_id = ${workspace_id}`
  return naivePeople(events, conversions, new Map(funnels.map(funnel => [funnel.funnel_id, funnel.goal])))
}

const PAGES: Record<string, string> = {
  registration_page_viewed: 'registration_viewed_at',
  registration: 'registered_at',
  registration_confirmed: 'confirmed_at',
  watch_page_viewed: 'viewed_at',
  enrollment_viewed: 'offer_viewed_at',
  offer_clicked: 'offer_clicked_at',
  purchase_initiated: 'checkout_at',
}

function naivePeople(events: Raw[], conversions: Won[], goals: Map<string, string>): Map<string, NaivePerson> {
  const people = new Map<string, NaivePerson>()
  const seconds = new Map<string, Map<string, number>>()
  const at = (person: number, funnel_id: string) => {
    const key = `${funnel_id} ${person}`
    if (!people.has(key)) people.set(key, { watch_percentage: 0, seconds_watched: 0, replays: 0 })
    return people.get(key)!
  }
  const earliest = (row: NaivePerson, step: string, time: number) => {
    row[step] = Math.min(row[step] ?? Number.POSITIVE_INFINITY, time)
  }
  for (const { person, visitor_id, event, at: time, properties } of events) {
    for (const funnel_id of new Set(['', typeof properties.funnel_id === 'string' ? properties.funnel_id : ''])) {
      const page = PAGES[event]
      if (page) earliest(at(person, funnel_id), page, time)
      if (!['video_started', 'video_progress', 'video_completed', 'video_replayed'].includes(event)) continue
      const row = at(person, funnel_id)
      earliest(row, 'viewed_at', time)
      const said = event === 'video_completed' ? 100 : event === 'video_progress' ? Number(properties.watch_percentage ?? 0) : 0
      const percent = Number.isNaN(said) ? 0 : Math.min(100, Math.max(0, Math.floor(said)))
      for (const milestone of [25, 50, 75, 100]) if (percent >= milestone) earliest(row, `watched_${milestone}_at`, time)
      row.watch_percentage = Math.max(row.watch_percentage, percent)
      if (event === 'video_replayed') row.replays++
      const video = JSON.stringify([visitor_id, properties.funnel_id ?? '', properties.video_id ?? ''])
      const key = `${funnel_id} ${person}`
      const known = seconds.get(key) ?? new Map<string, number>()
      seconds.set(key, known.set(video, Math.max(known.get(video) ?? 0, Number(properties.seconds_watched ?? 0))))
    }
  }
  for (const [key, videos] of seconds) people.get(key)!.seconds_watched = [...videos.values()].reduce((sum, one) => sum + one, 0)
  for (const { person, type, at: time, funnel_id } of conversions) {
    earliest(at(person, ''), 'converted_at', time)
    const goal = funnel_id === null ? undefined : goals.get(funnel_id)
    const is_goal = goal === undefined || (goal === 'call') === (type === 'appointment')
    if (funnel_id !== null && funnel_id !== '' && is_goal) earliest(at(person, funnel_id), 'converted_at', time)
  }
  return people
}

const QUARTER = 900_000
const EVENTS_OF: Record<string, string> = {
  registration_viewed_at: 'registration_views',
  registered_at: 'registrations',
  confirmed_at: 'confirmations',
  viewed_at: 'views',
  offer_viewed_at: 'offer_views',
  offer_clicked_at: 'offer_clicks',
  checkout_at: 'checkouts',
  converted_at: 'conversions',
}
const REACHED = [
  'confirmed',
  'viewed',
  'watched_25',
  'watched_50',
  'watched_75',
  'watched_100',
  'offer_viewed',
  'offer_clicked',
  'checkout',
  'converted',
]
const BINS = [100, 90, 80, 75, 70, 60, 50, 40, 30, 25, 20, 10, 1, 0]
const HOUR = 3_600_000

/** By funnel and quarter hour, each count that is not zero. */
export function naiveSums(people: Map<string, NaivePerson>): Map<string, Record<string, number>> {
  const sums = new Map<string, Record<string, number>>()
  const add = (funnel_id: string, time: number, count: string, value = 1) => {
    if (value === 0) return
    const key = `${funnel_id} ${Math.floor(time / QUARTER) * QUARTER}`
    const row = sums.get(key) ?? {}
    sums.set(key, row)
    row[count] = (row[count] ?? 0) + value
  }
  for (const [key, person] of people) {
    const funnel_id = key.slice(0, key.lastIndexOf(' '))
    for (const [step, count] of Object.entries(EVENTS_OF)) if (person[step] != null) add(funnel_id, person[step], count)
    const registered = person.registered_at
    if (registered == null) continue
    for (const step of REACHED) if (person[`${step}_at`] != null) add(funnel_id, registered, `of_${step}`)
    if (person.converted_at != null && person.watched_75_at != null) add(funnel_id, registered, 'of_hot_converted')
    if (person.replays > 0) add(funnel_id, registered, 'of_replayed')
    add(funnel_id, registered, `percent_${BINS.find(bin => person.watch_percentage >= bin)}`)
    add(funnel_id, registered, 'sum_percentage', person.watch_percentage)
    add(funnel_id, registered, 'sum_seconds', person.seconds_watched)
    if (person.converted_at == null) continue
    const took = person.converted_at - registered
    add(
      funnel_id,
      registered,
      took <= HOUR
        ? 'within_hour'
        : took <= 24 * HOUR
          ? 'within_day'
          : took <= 168 * HOUR
            ? 'within_week'
            : took <= 720 * HOUR
              ? 'within_month'
              : 'later',
    )
    if (took > 0) add(funnel_id, registered, 'sum_seconds_to', Math.round(took / 1000))
  }
  return sums
}

export type Touch = Record<string, string>

/** What the first page said that each person saw. */
export async function naiveFirstTouches(sql: postgres.Sql, workspace_id: number): Promise<Map<number, Touch>> {
  const firsts = new Map<number, { at: number; touch: Touch }>()
  const events = await sql<{ person: number; at: number; context: Record<string, Record<string, string>> }[]>`
    select coalesce(-v.contact_id, v.person_id, v.id) as person, round(extract(epoch from e.occurred_at) * 1000)::float8 as at, e.context
      from events e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where e.workspace_id = ${workspace_id}`
  for (const { person, at, context } of events) {
    const touch = naiveTouch(context)
    const first = firsts.get(person)
    if (touch && (!first || at < first.at)) firsts.set(person, { at, touch })
  }
  return new Map([...firsts].map(([person, { touch }]) => [person, touch]))
}

export function naiveTouch(context: Record<string, Record<string, string>>): Touch | undefined {
  const url = context.page?.url
  if (url === undefined) return undefined
  const code = new URL(url).searchParams.get('ref')
  const touch: Touch = code ? { referral_code: code } : {}
  const { source, medium, name, term, content } = context.campaign ?? {}
  for (const [key, value] of Object.entries({ source, medium, campaign: name, term, content }))
    if (value) touch[`utm_${key}`] = value
  if (context.page?.referrer) touch.referring_domain = new URL(context.page.referrer).hostname
  return touch
}

/** The same sums for each filter that somebody passes: how much they watched, and who sent them. */
export function naiveFiltered(
  people: Map<string, NaivePerson>,
  touches: Map<number, Touch>,
): Map<string, Record<string, number>> {
  const passing = new Map<string, Map<string, NaivePerson>>()
  for (const [key, person] of people) {
    const watched = person.watch_percentage
    const segment =
      watched >= 75 ? 'hot' : watched >= 50 ? 'engaged' : watched >= 25 ? 'sampler' : watched >= 1 ? 'skimmer' : 'no_show'
    const source = touches.get(Number(key.slice(key.lastIndexOf(' ') + 1)))?.utm_source
    const is_in = segment !== 'no_show' || person.registered_at != null
    for (const filter of [...(is_in ? [`segment ${segment}`] : []), ...(source ? [`utm_source ${source}`] : [])])
      passing.set(filter, (passing.get(filter) ?? new Map()).set(key, person))
  }
  const sums = [...passing].flatMap(([filter, some]) =>
    [...naiveSums(some)].map(([place, row]) => [`${filter} ${place}`, row] as const),
  )
  return new Map(sums)
}
