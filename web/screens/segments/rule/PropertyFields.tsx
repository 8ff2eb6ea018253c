import { Autocomplete, Select, TextInput } from '@mantine/core'
import type { PropertyRule } from '../../../../shared/segments.ts'
import { fromField, toField } from '../../../ui/times.ts'
import { PROPERTY_WORDS } from './words.ts'

const TIMES = ['registered_at', 'first_seen', 'last_visit', 'created_at', 'engaged_at', 'offer_viewed_at', 'converted_at']
const KNOWN = [
  ...['country_code', 'city', 'region', 'email', 'name', 'first_name', 'last_name', 'gender', 'age'],
  ...['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'referral_code', 'referring_domain'],
  ...['watch_percentage', 'visit_count', 'event_count', 'conversion_count', 'lifetime_value', 'phone', 'user_id'],
  ...TIMES,
]
const TESTS = Object.entries(PROPERTY_WORDS).map(([value, label]) => ({ value, label }))
const TIME_TESTS = [
  { value: 'greater', label: 'is after' },
  { value: 'less', label: 'is before' },
  { value: 'is_set', label: 'is known' },
  { value: 'is_not_set', label: 'is not known' },
]

/** A field of the contact, or a property of one's own. */
export function PropertyFields({ rule, set }: { rule: PropertyRule; set: (rule: PropertyRule) => void }) {
  const { name, is, value } = rule
  const is_time = TIMES.includes(name)
  const asks_value = is !== 'is_set' && is !== 'is_not_set'
  const rename = (name: string) => {
    if (TIMES.includes(name) === is_time) return set({ ...rule, name })
    set({ kind: 'property', name, is: TIMES.includes(name) ? 'greater' : 'equals', value: '' })
  }
  const ask = (is: PropertyRule['is']) =>
    set(
      is === 'is_set' || is === 'is_not_set'
        ? { kind: 'property', name, is }
        : { kind: 'property', name, is, value: value ?? '' },
    )
  return (
    <>
      <Autocomplete
        aria-label="Property"
        placeholder="country_code, plan, …"
        w={180}
        maxLength={200}
        data={KNOWN}
        value={name}
        onChange={rename}
      />
      <Select
        aria-label="Comparison"
        allowDeselect={false}
        w={150}
        data={is_time ? TIME_TESTS : TESTS}
        value={is}
        onChange={value => value && ask(value as PropertyRule['is'])}
      />
      {asks_value && is_time && (
        <TextInput
          type="datetime-local"
          aria-label="Moment"
          value={toField(String(value ?? '') || undefined)}
          onChange={({ currentTarget }) => set({ ...rule, value: fromField(currentTarget.value) ?? '' })}
        />
      )}
      {asks_value && !is_time && (
        <TextInput
          aria-label="Value"
          placeholder="value"
          w={160}
          maxLength={500}
          value={String(value ?? '')}
          onChange={({ currentTarget }) => set({ ...rule, value: currentTarget.value })}
        />
      )}
    </>
  )
}
