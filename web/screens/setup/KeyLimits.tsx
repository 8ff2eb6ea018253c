import { NumberInput, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Key } from '../../../shared/workspaces.ts'
import { fromField, toField } from '../../ui/times.ts'

/** As they are typed: empty is none. */
export type Limits = { expires_at: string; allowed_ips: string[]; rate_limit: number | '' }

export const NO_LIMITS: Limits = { expires_at: '', allowed_ips: [], rate_limit: '' }

export function limitsOf({ expires_at, allowed_ips, rate_limit }: Key): Limits {
  return { expires_at: toField(expires_at ?? undefined), allowed_ips: allowed_ips ?? [], rate_limit: rate_limit ?? '' }
}

/** As they are sent. */
export function readLimits({ expires_at, allowed_ips, rate_limit }: Limits) {
  const addresses = allowed_ips.flatMap(text => text.split(/[\s,]+/)).filter(Boolean)
  return {
    expires_at: fromField(expires_at) ?? null,
    allowed_ips: addresses.length > 0 ? addresses : null,
    rate_limit: rate_limit === '' ? null : rate_limit,
  }
}

const SPANS = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'time', label: 'At a time' },
]
const DAY_MS = 86_400_000

type Props = {
  kind: Key['kind']
  values: Limits
  errors: Record<string, ReactNode>
  set: (change: Partial<Limits>) => void
}

/** When a key ends, from where it is taken, and how much it may do. */
export function KeyLimits({ kind, values: { expires_at, allowed_ips, rate_limit }, errors, set }: Props) {
  const choose = (span: string | null) => {
    const days = Number(span === 'time' ? 7 : span)
    set({ expires_at: days ? toField(new Date(Date.now() + days * DAY_MS).toISOString()) : '' })
  }
  return (
    <Stack gap="sm">
      <Select label="Ends" allowDeselect={false} data={SPANS} value={expires_at === '' ? '' : 'time'} onChange={choose} />
      {expires_at !== '' && (
        <TextInput
          type="datetime-local"
          aria-label="When it ends"
          value={expires_at}
          error={errors.expires_at}
          onChange={event => set({ expires_at: event.currentTarget.value })}
        />
      )}
      <TagsInput
        label="Taken from"
        description="Addresses and ranges such as 203.0.113.0/24. None: from everywhere."
        placeholder={allowed_ips.length === 0 ? 'Everywhere' : ''}
        acceptValueOnBlur
        splitChars={[',', ' ']}
        value={allowed_ips}
        error={errors.allowed_ips}
        onChange={allowed_ips => set({ allowed_ips })}
      />
      <NumberInput
        label="Requests a minute"
        placeholder={kind === 'write' ? 'Any number' : '60,000'}
        min={1}
        max={1_000_000}
        thousandSeparator
        allowDecimal={false}
        value={rate_limit}
        error={errors.rate_limit}
        onChange={value => set({ rate_limit: typeof value === 'number' ? value : '' })}
      />
    </Stack>
  )
}
