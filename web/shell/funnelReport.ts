import {
  CONDITION_OPERATORS,
  FUNNEL_BREAKDOWNS,
  type FunnelCondition,
  type FunnelStep,
  MOST_STEPS,
  MOST_WINDOW_MINUTES,
} from '../../shared/funnel-report.ts'
import { oneOf, text, whole } from './address.ts'

/** What stands in the address of an own funnel: all of the question. */
export const of_funnel_report = {
  // One text, so that a dashboard can keep it as it keeps the rest.
  steps: (value: unknown) => stepsText(stepsOf(text(value))),
  within: (value: unknown) => {
    const minutes = whole(value)
    return minutes === undefined || minutes > MOST_WINDOW_MINUTES ? undefined : minutes
  },
  breakdown: oneOf(...FUNNEL_BREAKDOWNS),
  property: text,
  stage: oneOf('lead', 'engaged', 'offer_viewed', 'converted'),
}

/** The steps as one text, and back; what is no step there is left out. */
export function stepsText(steps: FunnelStep[] | undefined) {
  return steps && JSON.stringify(steps)
}

export function stepsOf(given: string | undefined): FunnelStep[] | undefined {
  const value = parse(given)
  if (!Array.isArray(value)) return undefined
  const steps = value.flatMap(readStep).slice(0, MOST_STEPS)
  return steps.length > 0 ? steps : undefined
}

function parse(given: string | undefined): unknown {
  try {
    return JSON.parse(given ?? 'null')
  } catch {
    return undefined
  }
}

function readStep(value: unknown): FunnelStep[] {
  const { event, conditions } = (value ?? {}) as Record<string, unknown>
  const name = text(event)
  if (name === undefined) return []
  const read = Array.isArray(conditions) ? conditions.flatMap(readCondition) : []
  return [{ event: name, ...(read.length > 0 && { conditions: read }) }]
}

function readCondition(value: unknown): FunnelCondition[] {
  const { property, operator, value: is } = (value ?? {}) as Record<string, unknown>
  const name = text(property)
  const known = oneOf(...CONDITION_OPERATORS)(operator)
  if (name === undefined || known === undefined) return []
  return [{ property: name, operator: known, ...(known !== 'is_set' && { value: text(is) ?? '' }) }]
}
