import { type CrmRun, FAILURE_STATES } from '../../../../shared/crm.ts'

/** How many members a person has to look at. */
export function failuresOf({ counts }: Pick<CrmRun, 'counts'>) {
  return FAILURE_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
}
