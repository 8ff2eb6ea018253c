import { ConversionRule } from '../../shared/segments.ts'
import type { Kind } from './kind.ts'

/** Whether they converted, and what all of it was worth. */
export const conversion: Kind<ConversionRule> = {
  shape: ConversionRule,
  holds: ({ sql }, { has, value_at_least }) => {
    const did =
      value_at_least === undefined
        ? sql`c.conversion_count > 0`
        : sql`(c.conversion_count > 0 and c.lifetime_value >= ${value_at_least}::float8::numeric)`
    return has ? did : sql`not ${did}`
  },
}
