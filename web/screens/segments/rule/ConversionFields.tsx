import { NumberInput, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ConversionRule } from '../../../../shared/segments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'

const CHOICES = [
  { value: 'has', label: 'Converted' },
  { value: 'not', label: 'Did not convert' },
]

export function ConversionFields({ rule, set }: { rule: ConversionRule; set: (rule: ConversionRule) => void }) {
  const { data } = useQuery(workspace(useWorkspaceId()))
  return (
    <>
      <Select
        aria-label="Conversions"
        allowDeselect={false}
        w={160}
        data={CHOICES}
        value={rule.has ? 'has' : 'not'}
        onChange={value => value && set({ ...rule, has: value === 'has' })}
      />
      <span className="muted">for at least</span>
      <NumberInput
        hideControls
        aria-label="Value in all"
        placeholder="any value"
        w={150}
        min={0}
        max={1e12}
        decimalScale={2}
        suffix={data ? ` ${data.currency}` : ''}
        value={rule.value_at_least ?? ''}
        onChange={value => {
          const { value_at_least: _, ...rest } = rule
          set(value === '' ? rest : { ...rest, value_at_least: Number(value) })
        }}
      />
    </>
  )
}
