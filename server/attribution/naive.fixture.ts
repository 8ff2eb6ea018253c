import type postgres from 'postgres'
import { naiveFirstTouches, naiveTouch, readNaive, type Touch } from '../journeys/naive.fixture.ts'

/** Who sent whom, computed slowly and obviously from visits, conversions, raw events and who is who at this moment. Shares are whole millionths. */

const DAY = 86_400_000
const MODELS = ['first_touch', 'last_touch', 'linear', 'time_decay', 'position_based'] as const
const DIMENSIONS = {
  source: 'utm_source',
  medium: 'utm_medium',
  campaign: 'utm_campaign',
  term: 'utm_term',
  content: 'utm_content',
  referrer: 'referring_domain',
  referral_code: 'referral_code',
}
type Visit = { person: number; at: number; touch: Touch }
type Won = { person: number; at: number; funnel_id: string; type: string; currency: string; cents: number }

/** By funnel, dimension, day, value, type and currency: of each model millionths of conversions, and millionths of cents. */
export async function naiveShares(sql: postgres.Sql, workspace_id: number, time_zone = 'UTC'): Promise<Record<string, string[]>> {
  const day = dayIn(time_zone)
  const [visits, conversions] = await Promise.all([readVisits(sql, workspace_id), readConversions(sql, workspace_id)])
  const sums = new Map<string, bigint[]>()
  for (const won of conversions) {
    const before = visits
      .filter(visit => visit.person === won.person && visit.at <= won.at && visit.at >= won.at - 90 * DAY)
      .sort((one, other) => one.at - other.at)
    const touches = before.length > 50 ? [before[0]!, ...before.slice(-49)] : before
    const ages = touches.map(touch => won.at - touch.at)
    const shares = MODELS.map(model => sharesOf(model, ages))
    for (const [k, touch] of (touches.length > 0 ? touches : [{ touch: {} as Touch }]).entries())
      for (const [dimension, key] of Object.entries(DIMENSIONS))
        for (const funnel_id of new Set(['', won.funnel_id])) {
          const place = [funnel_id, dimension, day(won.at), touch.touch[key] ?? '', won.type, won.currency].join(' | ')
          const sum = sums.get(place) ?? MODELS.flatMap(() => [0n, 0n])
          sums.set(place, sum)
          for (const [m, share] of shares.entries()) {
            sum[2 * m]! += BigInt(share[k]!)
            sum[2 * m + 1]! += BigInt(share[k]!) * BigInt(won.cents)
          }
        }
  }
  return Object.fromEntries([...sums].map(([place, sum]) => [place, sum.map(String)]))
}

const MILLION = 1_000_000

/** Of touches that are so many ms old, the oldest first. What rounding leaves over is the last one's. */
export function sharesOf(model: (typeof MODELS)[number], ages: number[]): number[] {
  const count = ages.length
  if (count === 0) return [MILLION]
  const last = count - 1
  const weights = ages.map((age, k) => {
    if (model === 'first_touch') return k === 0 ? 1 : 0
    if (model === 'last_touch') return k === last ? 1 : 0
    if (model === 'linear') return 1
    if (model === 'time_decay') return 0.5 ** (age / (7 * DAY))
    if (count <= 2) return 1
    return k === 0 || k === last ? 0.4 : 0.2 / (count - 2)
  })
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = weights.map(weight => Math.round((weight / whole) * MILLION))
  const others = shares.slice(0, last).reduce((sum, share) => sum + share, 0)
  return [...shares.slice(0, last), MILLION - others]
}

/** By funnel, dimension, day and value: people who registered, viewed, saw the offer, converted. */
export async function naiveSources(
  sql: postgres.Sql,
  workspace_id: number,
  time_zone = 'UTC',
): Promise<Record<string, number[]>> {
  const day = dayIn(time_zone)
  const people = await readNaive(sql, workspace_id)
  const firsts = await naiveFirstTouches(sql, workspace_id)
  const sums: Record<string, number[]> = {}
  for (const [key, row] of people) {
    if (row.registered_at == null) continue
    const [funnel_id, person] = [key.slice(0, key.lastIndexOf(' ')), Number(key.slice(key.lastIndexOf(' ') + 1))]
    const touch = firsts.get(person) ?? {}
    for (const [dimension, name] of Object.entries(DIMENSIONS)) {
      const place = [funnel_id, dimension, day(row.registered_at), touch[name] ?? ''].join(' | ')
      sums[place] ??= [0, 0, 0, 0]
      const came = [row.registered_at, row.viewed_at, row.offer_viewed_at, row.converted_at]
      for (const [k, at] of came.entries()) if (at != null) sums[place][k]!++
    }
  }
  return sums
}

/** Every event in the order in which it came: it goes on with the newest visit within half an hour, or it begins one. */
async function readVisits(sql: postgres.Sql, workspace_id: number): Promise<Visit[]> {
  type Raw = { owner: number; person: number; at: number; event: string; context: Record<string, Record<string, string>> }
  const events = await sql<Raw[]>`
    select s.visitor_id as owner, coalesce(-v.contact_id, v.person_id, v.id) as person, round(extract(epoch from e.occurred_at) * 1000)::float8 as at,
           e.event, e.context
      from events e
      join sessions s on s.workspace_id = e.workspace_id and s.id = e.session_id
      join visitors v on v.workspace_id = s.workspace_id and v.id = s.visitor_id
     where e.workspace_id = ${workspace_id}
     order by e.id`
  const visits: (Visit & { owner: number; last: number })[] = []
  for (const { owner, person, at, event, context } of events) {
    const touch = naiveTouch(context) ?? {}
    const near = visits.filter(visit => visit.owner === owner && at >= visit.at - IDLE && at <= visit.last + IDLE)
    const begun = near.filter(visit => visit.at <= at).sort((one, other) => other.at - one.at)
    const later = near.filter(visit => visit.at > at).sort((one, other) => one.at - other.at)
    const visit = begun[0] ?? later[0]
    const is_other = event === 'page_viewed' && UTM.some(key => touch[key] !== undefined && touch[key] !== visit?.touch[key])
    if (!visit || is_other) visits.push({ owner, person, at, last: at, touch })
    else Object.assign(visit, { at: Math.min(visit.at, at), last: Math.max(visit.last, at) })
  }
  const sent = ['utm_source', 'utm_medium', 'utm_campaign', 'referring_domain', 'referral_code', 'click_ids']
  return visits.filter(({ touch }) => sent.some(key => touch[key] !== undefined))
}

const IDLE = 30 * 60_000
const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content']

async function readConversions(sql: postgres.Sql, workspace_id: number): Promise<Won[]> {
  return sql<Won[]>`
    select coalesce(-c.merged_into, -c.id, -v.contact_id, v.person_id, v.id) as person, n.type, n.currency,
           round(extract(epoch from n.converted_at) * 1000)::float8 as at, ((n.value - n.refunded) * 100)::float8 as cents,
           coalesce(n.data->>'funnel_id', '') as funnel_id
      from conversions n
      left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
     where n.workspace_id = ${workspace_id} and n.status <> 'void' and not n.is_test`
}

function dayIn(time_zone: string) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: time_zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (at: number) => format.format(at)
}
