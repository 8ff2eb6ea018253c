import { EventRule } from '../../shared/segments.ts'
import { type Asking, among, type Fragment, isIn, type Kind } from './kind.ts'
import { momentOf } from './moment.ts'

/** What they did, how often and when. Bots do nothing; events from before they were known count too. */
export const event: Kind<EventRule> = {
  shape: EventRule,
  check: ({ did, at_least, within_days, since, until, property, value }) => ({
    ...((did === 'first' || did === 'last') && at_least !== undefined && { at_least: 'is only asked with did and did_not' }),
    ...((did === 'first' || did === 'last') &&
      (within_days ?? since ?? until) === undefined && { within_days: 'is required, or since or until: when it was' }),
    ...(since !== undefined && momentOf(since) === undefined && { since: 'must be a time' }),
    ...(until !== undefined && momentOf(until) === undefined && { until: 'must be a time' }),
    ...(within_days !== undefined && since !== undefined && { since: 'is not asked together with within_days' }),
    ...(property === undefined && value !== undefined && { property: 'is required: of what this is the value' }),
    ...(property !== undefined && value === undefined && { value: 'is required: what the property is' }),
  }),
  holds: (asking, rule) => {
    const { sql } = asking
    const { did, at_least = 1 } = rule
    if (did === 'first' || did === 'last') {
      const at = did === 'first' ? sql`min(e.occurred_at)` : sql`max(e.occurred_at)`
      return isIn(asking, sql`${eventsOf(asking, rule)} group by v.contact_id having true ${during(asking, rule, at)}`)
    }
    const often = at_least === 1 ? sql`` : sql`group by v.contact_id having count(*) >= ${at_least}`
    const theirs = isIn(asking, sql`${eventsOf(asking, rule)} ${during(asking, rule, sql`e.occurred_at`)} ${often}`)
    return did === 'did' ? theirs : sql`not (${theirs})`
  },
  // Whose event left the last days meanwhile.
  turns: (asking, rule, since) => {
    const { sql } = asking
    const { within_days } = rule
    if (within_days === undefined) return undefined
    return sql`
      ${eventsOf(asking, rule)}
         and e.occurred_at >= ${since}::text::timestamptz - make_interval(days => ${within_days})
         and e.occurred_at < now() - make_interval(days => ${within_days})`
  },
}

function eventsOf(asking: Asking, { event, property, value }: EventRule) {
  const { sql, workspace_id, contact_ids } = asking
  // Fenced by `offset 0` when it is of some: otherwise all visitors are read in the order of a group.
  const fence = contact_ids === undefined ? sql`` : sql`offset 0`
  return sql`
        select v.contact_id
          from (select v.id, v.contact_id
                  from visitors v
                 where v.workspace_id = ${workspace_id} and v.contact_id is not null ${among(asking, 'v.contact_id')}
                ${fence}) v
          join events e on e.visitor_id = v.id
         where e.workspace_id = ${workspace_id} and e.event = ${event} and not e.is_bot
           ${property === undefined ? sql`` : sql`and e.properties->>${property}::text = ${String(value)}`}`
}

function during({ sql }: Asking, { within_days, since, until }: EventRule, at: Fragment) {
  return sql`
           ${within_days === undefined ? sql`` : sql`and ${at} >= now() - make_interval(days => ${within_days})`}
           ${since === undefined ? sql`` : sql`and ${at} >= ${momentOf(since)!}::text::timestamptz`}
           ${until === undefined ? sql`` : sql`and ${at} < ${momentOf(until)!}::text::timestamptz`}`
}
