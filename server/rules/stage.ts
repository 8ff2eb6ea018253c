import { STAGES } from '../../shared/contacts.ts'
import { StageRule } from '../../shared/segments.ts'
import type { Kind } from './kind.ts'

/** How far they are; `or_later`: at least so far. */
export const stage: Kind<StageRule> = {
  shape: StageRule,
  holds: ({ sql }, { stage, or_later = false }) => {
    const stages = or_later ? STAGES.slice(STAGES.indexOf(stage)) : [stage]
    return sql`c.stage = any(${stages}::text[])`
  },
}
