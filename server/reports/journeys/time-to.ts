import type { JourneyPeopleQuery } from '../../../shared/journeys.ts'

/** How long after the registration the conversion came, as funnel_counts (db/schema.sql) counts it. */
export const TIME_TO: Record<NonNullable<JourneyPeopleQuery['within']>, string> = {
  hour: `converted_at - registered_at <= '1 hour'`,
  day: `converted_at - registered_at > '1 hour' and converted_at - registered_at <= '1 day'`,
  week: `converted_at - registered_at > '1 day' and converted_at - registered_at <= '7 days'`,
  month: `converted_at - registered_at > '7 days' and converted_at - registered_at <= '30 days'`,
  later: `converted_at - registered_at > '30 days'`,
}
