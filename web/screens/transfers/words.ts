import type { BulkRow } from '../../../shared/bulk.ts'
import type { Transfer } from '../../../shared/transfers.ts'
import { count, whole } from '../../ui/numbers.ts'
import type { Tone } from '../../ui/Pill.tsx'

export const KINDS: Record<Transfer['kind'], string> = {
  import: 'Import',
  export: 'Export',
  bulk: 'Bulk action',
  hand_over: 'Hand-over',
}

export const STATES: Record<Transfer['state'], { label: string; tone: Tone }> = {
  waiting: { label: 'Waiting for you', tone: 'warm' },
  running: { label: 'Running', tone: 'accent' },
  done: { label: 'Done', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  refused: { label: 'Refused', tone: 'warm' },
  stopped: { label: 'Stopped', tone: 'plain' },
}

export const ROW_STATES: Record<BulkRow['state'], { label: string; tone: Tone }> = {
  waiting: { label: 'Waiting', tone: 'plain' },
  done: { label: 'Changed', tone: 'good' },
  unchanged: { label: 'Unchanged', tone: 'plain' },
  refused: { label: 'Refused', tone: 'warm' },
}

/** How it ended, for who was not looking: "Done: 1,200 rows", "Done: 3 changed, 1 refused". */
export function endWords({ kind, state, done, counts, error }: Transfer) {
  const { label } = STATES[state]
  if (error) return `${label}: ${error}`
  if (kind === 'export') return `${label}: ${count(done, 'row')}`
  const parts = Object.entries(counts).filter(([, number]) => number > 0)
  if (parts.length === 0) return kind === 'bulk' && state === 'done' ? `${label}: there was nobody to change` : label
  const of = (name: string) =>
    (kind === 'bulk' ? (ROW_STATES[name as BulkRow['state']]?.label ?? name) : name).toLowerCase().replaceAll('_', ' ')
  return `${label}: ${parts.map(([name, number]) => `${whole(number)} ${of(name)}`).join(', ')}`
}
