import type { Import, ImportOf } from '../../../../shared/imports.ts'
import type { Transfer } from '../../../../shared/transfers.ts'
import type { Tone } from '../../../ui/Pill.tsx'

/** What who imports must be allowed to do. */
export const NEED: Record<ImportOf, 'update' | 'work'> = { contacts: 'update', leads: 'work' }

/** What became of rows, in the order in which people ask. */
export const COUNTS: readonly [name: string, label: string, trial: string][] = [
  ['created', 'New', 'Would be new'],
  ['updated', 'Changed', 'Would change'],
  ['unchanged', 'As they were', 'Stay as they are'],
  ['again', 'Of the same ones', 'Of the same new ones'],
  ['skipped', 'Left out', 'Left out'],
  ['ambiguous', 'Name two at once', 'Name two at once'],
  ['failed', 'Not written', 'Cannot be written'],
  ['reverted', 'Taken back', 'Taken back'],
  ['kept', 'Could not be taken back', 'Could not be taken back'],
]

const STEPS: Record<string, string> = { read: 'Waits for you', check: 'Tried', write: 'Imported', revert: 'Taken back' }
const RUNNING: Record<string, string> = { check: 'Is tried', write: 'Is written', revert: 'Is taken back' }

/** Where an import stands, in a word or two. */
export function stateOf({ step, state, total }: Pick<Transfer, 'step' | 'state' | 'total'>): { tone: Tone; says: string } {
  if (state === 'running') return { tone: 'accent', says: RUNNING[step] ?? 'Runs' }
  if (state === 'failed') return { tone: 'bad', says: 'Failed' }
  if (state === 'stopped') return { tone: 'warm', says: 'Stopped' }
  if (step === 'read' && total === null) return { tone: 'plain', says: 'Is being sent' }
  return { tone: state === 'done' ? 'good' : 'warm', says: STEPS[step] ?? step }
}

export const SENDERS: Record<NonNullable<Import['preset']>, string> = {
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  nationbuilder: 'NationBuilder',
  mixpanel: 'Mixpanel',
  throughline: 'Throughline',
}
