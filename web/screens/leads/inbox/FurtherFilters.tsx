import { Button, Checkbox, Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type CustomField, UNSORTED } from '../../../../shared/custom-fields.ts'
import type { Lead, LeadSort } from '../../../../shared/leads.ts'
import { offered } from '../../../api/fields.ts'
import { intakeWebhooks } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { TextFilter } from '../../../ui/TextFilter.tsx'
import { useLeadTypes } from '../useStages.ts'
import { PRIORITIES } from '../words.ts'
import type { FilterProps, Search } from './Filters.tsx'

const TEXTS = [
  ['source', 'Source'],
  ['campaign', 'Campaign'],
  ['product', 'Product'],
  ['state', 'State'],
  ['provider_id', 'Provider'],
] as const

const SORTS: { value: LeadSort; label: string }[] = [
  { value: '-created_at', label: 'Newest first' },
  { value: '-updated_at', label: 'Last changed first' },
  { value: 'follow_up_at', label: 'Follow-up due first' },
  { value: 'priority', label: 'Most urgent first' },
  { value: '-score', label: 'Highest score first' },
]

const WITHIN = { comboboxProps: { withinPortal: false } }

/** The filters that are needed less often. `names`: those that "Clear" takes away. */
export function FurtherFilters({ search, ask, rows, names }: FilterProps & { names: readonly (keyof Search)[] }) {
  const types = useLeadTypes()
  const { data: own = [] } = useQuery(offered(useWorkspaceId(), 'lead'))
  return (
    <div className="inbox-filters">
      <Select
        label="Order"
        data={[...SORTS, ...ordersOf(own)]}
        searchable={own.length > 0}
        allowDeselect={false}
        value={search.sort ?? '-created_at'}
        onChange={sort => ask({ sort: (sort as LeadSort) ?? undefined })}
        {...WITHIN}
      />
      <Select
        label="Type"
        placeholder="Any type"
        clearable
        data={types.map(({ key, name }) => ({ value: key, label: name }))}
        value={search.lead_type ?? null}
        onChange={lead_type => ask({ lead_type: lead_type ?? undefined })}
        {...WITHIN}
      />
      <Select
        label="Priority"
        placeholder="Any priority"
        clearable
        data={PRIORITIES}
        value={search.priority === undefined ? null : String(search.priority)}
        onChange={value => ask({ priority: value === null ? undefined : Number(value) })}
        {...WITHIN}
      />
      <WebhookFilter value={search.webhook_id} onChange={webhook_id => ask({ webhook_id })} />
      {TEXTS.map(([name, label]) => (
        <TextFilter
          key={name}
          label={label}
          placeholder="Any"
          data={valuesOf(rows, name)}
          value={search[name]}
          onChange={value => ask({ [name]: value })}
          {...WITHIN}
        />
      ))}
      <Checkbox
        label="Test leads only"
        checked={search.is_test === true}
        onChange={({ currentTarget }) => ask({ is_test: currentTarget.checked || undefined })}
      />
      <Button
        variant="default"
        disabled={names.every(name => search[name] === undefined)}
        onClick={() => ask(Object.fromEntries(names.map(name => [name, undefined])))}
      >
        Clear these filters
      </Button>
    </div>
  )
}

/** Of each field that has an order, both ways. */
function ordersOf(fields: CustomField[]) {
  const sorted = fields.filter(({ type }) => !UNSORTED.includes(type))
  if (sorted.length === 0) return []
  const items = sorted.flatMap(({ key, label, type }) => {
    const [up, down] = type === 'date' || type === 'datetime' ? ['earliest', 'latest'] : ['upwards', 'downwards']
    return [
      { value: `custom.${key}`, label: `${label}, ${up}` },
      { value: `-custom.${key}`, label: `${label}, ${down}` },
    ]
  })
  return [{ group: 'Your fields', items }]
}

/** Where they came in. */
function WebhookFilter({ value, onChange }: { value: number | undefined; onChange: (id: number | undefined) => void }) {
  const { data } = useInfiniteQuery(intakeWebhooks(useWorkspaceId()))
  const webhooks = data?.pages.flatMap(page => page.data) ?? []
  return (
    <Select
      label="Webhook"
      placeholder="Any webhook"
      clearable
      searchable
      data={webhooks.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={value === undefined ? null : String(value)}
      onChange={id => onChange(id === null ? undefined : Number(id))}
      {...WITHIN}
    />
  )
}

function valuesOf(rows: Lead[], name: (typeof TEXTS)[number][0]) {
  return [...new Set(rows.map(row => row[name]).filter(value => value !== null))].sort()
}
