import type { IntakeTarget } from '../../../../shared/intake.ts'

/** In the order in which our fields are shown. */
export const GROUPS: [group: IntakeTarget['group'], title: string][] = [
  ['person', 'Person'],
  ['type', 'Of the lead type, and your own'],
  ['lead', 'Lead'],
  ['campaign', 'Campaign'],
  ['address', 'Address'],
  ['consent', 'Consent'],
]
