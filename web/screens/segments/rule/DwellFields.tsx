import { NumberInput, Select } from '@mantine/core'
import type { DwellRule } from '../../../../shared/segments.ts'
import { SEGMENTS } from '../../contacts/stages.tsx'

const CHOICES = Object.entries(SEGMENTS).map(([value, { label }]) => ({ value, label }))

export function DwellFields({ rule, set }: { rule: DwellRule; set: (rule: DwellRule) => void }) {
  return (
    <>
      <Select
        aria-label="Segment"
        allowDeselect={false}
        w={140}
        data={CHOICES}
        value={rule.segment}
        onChange={value => value && set({ ...rule, segment: value as DwellRule['segment'] })}
      />
      <span className="muted">for at least</span>
      <NumberInput
        hideControls
        aria-label="Hours"
        placeholder="any time"
        w={130}
        min={1}
        max={87_600}
        allowDecimal={false}
        suffix={rule.for_hours === 1 ? ' hour' : ' hours'}
        value={rule.for_hours ?? ''}
        onChange={value => {
          const { for_hours: _, ...rest } = rule
          set(value === '' ? rest : { ...rest, for_hours: Number(value) || 1 })
        }}
      />
    </>
  )
}
