import { Select } from '@mantine/core'
import type { LeadRule } from '../../../../shared/segments.ts'
import { LEAD_WORDS } from './words.ts'

const CHOICES = Object.entries(LEAD_WORDS).map(([value, label]) => ({ value, label }))

export function LeadFields({ rule, set }: { rule: LeadRule; set: (rule: LeadRule) => void }) {
  return (
    <Select
      aria-label="Leads"
      allowDeselect={false}
      w={240}
      data={CHOICES}
      value={`${rule.has ? 'has' : 'not'} ${rule.status ?? 'any'}`}
      onChange={value => {
        if (!value) return
        const [has, status] = value.split(' ') as ['has' | 'not', NonNullable<LeadRule['status']> | 'any']
        set({ kind: 'lead', has: has === 'has', ...(status !== 'any' && { status }) })
      }}
    />
  )
}
