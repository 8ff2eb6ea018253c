import type { Conversion } from '../../../shared/conversions.ts'
import { money } from '../../ui/numbers.ts'
import { Pill } from '../../ui/Pill.tsx'
import { STATUSES } from './words.ts'

export function ConversionState({ conversion: { status, is_test, refunded, currency } }: { conversion: Conversion }) {
  if (is_test) return <Pill tone="plain">Test</Pill>
  if (status === 'active' && refunded > 0)
    return (
      <Pill tone="warm" title={`${money(refunded, currency)} went back`}>
        Part refunded
      </Pill>
    )
  const { label, tone, about } = STATUSES[status]
  return (
    <Pill tone={tone} title={about}>
      {label}
    </Pill>
  )
}
