import { Group, NumberInput, Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Money } from '../../../shared/custom-fields.ts'
import { currencies } from '../../ui/regions.ts'

type Props = {
  label: string
  error: string | undefined
  withAsterisk: boolean
  /** The currency that stands there until somebody chooses another. */
  usual: string | null
  value: Money | null | undefined
  set: (value: Money | null) => void
}

/** An amount and its currency. Without an amount there is nothing. */
export function MoneyInput({ label, error, withAsterisk, usual, value, set }: Props) {
  const choices = useMemo(currencies, [])
  const [chosen, choose] = useState(usual ?? 'USD')
  const currency = value?.currency ?? chosen
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <NumberInput
        flex={1}
        label={label}
        error={error}
        withAsterisk={withAsterisk}
        min={0}
        decimalScale={2}
        thousandSeparator=","
        value={value?.amount ?? ''}
        onChange={amount => set(amount === '' ? null : { amount: Number(amount), currency })}
      />
      <Select
        w={92}
        label="Currency"
        aria-label={`Currency of ${label}`}
        searchable
        allowDeselect={false}
        comboboxProps={{ width: 220, position: 'bottom-end' }}
        data={choices}
        value={currency}
        onChange={given => {
          if (given === null) return
          choose(given)
          if (value) set({ ...value, currency: given })
        }}
      />
    </Group>
  )
}
