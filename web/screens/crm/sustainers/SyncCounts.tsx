import type { CrmRun } from '../../../../shared/crm.ts'
import { Figures } from '../../../ui/Figures.tsx'
import { whole } from '../../../ui/numbers.ts'
import { sentence } from '../../events/describe.ts'

const LABELS: Record<string, string> = {
  read: 'Records read',
  sustaining: 'Sustain there',
  unknown: 'Not linked here',
  started: 'New here',
  ended: 'Ended here',
  would_end: 'Would end',
}

/** What was found, and what was changed because of it. */
export function SyncCounts({ run: { counts } }: { run: CrmRun }) {
  return (
    <Figures
      figures={[...new Set([...Object.keys(LABELS), ...Object.keys(counts)])]
        .filter(name => counts[name] !== undefined)
        .map(name => ({ label: LABELS[name] ?? sentence(name), value: whole(counts[name]!) }))}
    />
  )
}

/** The same in a sentence: "1,204 sustain there, 3 are new here, 1 ended." */
export function syncWords({ sustaining = 0, started = 0, ended = 0 }: Record<string, number>) {
  return `${whole(sustaining)} sustain there, ${whole(started)} ${started === 1 ? 'is' : 'are'} new here, ${whole(ended)} ended.`
}
