import type { FunnelBreakdown, FunnelOutcome, FunnelQuery } from '../../../../shared/funnel-report.ts'
import { stepsOf } from '../../../shell/funnelReport.ts'
import { type Asked, DAYS } from '../period.ts'

/** An own funnel as it stands in the address. */
export type FunnelSearch = Asked & {
  steps?: string | undefined
  /** Minutes from the first step to the last. */
  within?: number | undefined
  time_zone?: string | undefined
  breakdown?: FunnelBreakdown | undefined
  property?: string | undefined
  stage?: FunnelQuery['stage'] | undefined
  segment?: FunnelQuery['segment'] | undefined
  /** Whose names are shown: `reached:2`, `dropped:3`, `reached:2:google` (of that group), `reached-others:2`. */
  people?: string | undefined
}

/** `group` is empty for those about whom it is not known, null for those of no group that is shown, and undefined for everybody. */
export type Meant = { step: number; outcome: FunnelOutcome; group?: string | null | undefined }

export function peopleText({ step, outcome, group }: Meant) {
  if (group === null) return `${outcome}-others:${step}`
  return group === undefined ? `${outcome}:${step}` : `${outcome}:${step}:${group}`
}

export function peopleOf(text: string | undefined): Meant | undefined {
  const [, outcome, others, step, group] = /^(reached|dropped)(-others)?:(\d{1,2})(?::(.*))?$/s.exec(text ?? '') ?? []
  if (!outcome || !step || (outcome === 'dropped' && step === '1') || (others && group !== undefined)) return undefined
  return { outcome: outcome as FunnelOutcome, step: Number(step), group: others ? null : group }
}

export const USUAL_WITHIN = 7 * 24 * 60

/** What the server is asked; undefined while there is no step, or no name yet of the property that it is broken down by. */
export function questionOf(search: FunnelSearch): FunnelQuery | undefined {
  const { within = USUAL_WITHIN, breakdown, property, stage, segment, days = DAYS, from, to, time_zone } = search
  const steps = stepsOf(search.steps)
  if (!steps) return undefined
  const by = breakdown === 'property' ? property && { by: breakdown, property } : breakdown && { by: breakdown }
  return {
    steps,
    window_minutes: within,
    ...(from ? { from } : { days }),
    ...(to && { to }),
    ...(time_zone && { time_zone }),
    ...(by && { breakdown: by }),
    ...(stage && { stage }),
    ...(segment && { segment }),
  }
}
