import { Checkbox, Select } from '@mantine/core'
import type { StageRule } from '../../../../shared/segments.ts'
import { STAGES } from '../../contacts/stages.tsx'

const CHOICES = STAGES.map(({ value, label }) => ({ value, label }))

export function StageFields({ rule, set }: { rule: StageRule; set: (rule: StageRule) => void }) {
  return (
    <>
      <Select
        aria-label="Stage"
        allowDeselect={false}
        w={150}
        data={CHOICES}
        value={rule.stage}
        onChange={value => value && set({ ...rule, stage: value as StageRule['stage'] })}
      />
      <Checkbox
        label="or further"
        checked={rule.or_later ?? false}
        onChange={({ currentTarget }) => set({ ...rule, or_later: currentTarget.checked })}
      />
    </>
  )
}
