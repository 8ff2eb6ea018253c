import { NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LeadShown, LeadUpdate } from '../../../../shared/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'
import { Facts } from '../../../ui/Facts.tsx'
import { money, whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { fromField, toField } from '../../../ui/times.ts'
import { Assignee, FollowUp, Priority } from '../LeadParts.tsx'
import { useMayChange, useUserChoices } from '../useUsers.ts'
import { PRIORITIES } from '../words.ts'
import { useLeadChange } from './useLeadChange.ts'

/** Who has it, how urgent it is, when to follow up and what it may bring. Each is saved as soon as it is set. */
export function Handling({ lead }: { lead: LeadShown }) {
  const may_change = useMayChange()(lead)
  const { data: about } = useQuery(workspace(useWorkspaceId()))
  const currency = about?.currency ?? 'USD'
  const { conversion_count, conversion_value, revenue_potential } = lead
  return (
    <Section title="Handling">
      {may_change ? (
        <Fields lead={lead} currency={currency} />
      ) : (
        <Facts
          facts={[
            ['Assigned to', <Assignee key="assignee" user_id={lead.assigned_to} />],
            ['Priority', <Priority key="priority" priority={lead.priority} named />],
            ['Follow-up', <FollowUp key="follow-up" lead={lead} empty="none" />],
            ['May bring', revenue_potential === null ? null : money(revenue_potential, currency)],
          ]}
        />
      )}
      <div className="lead-figures">
        <Facts
          facts={[
            ['Attempts', whole(lead.contact_attempts)],
            ['Score', lead.score ? whole(lead.score) : null],
            ['Brought', conversion_count ? <b key="brought">{money(conversion_value, currency)}</b> : null],
            ['Closed', lead.closed_at && <RelativeTime key="closed" at={lead.closed_at} />],
          ]}
        />
      </div>
    </Section>
  )
}

function Fields({ lead, currency }: { lead: LeadShown; currency: string }) {
  const people = useUserChoices()
  const { mutate } = useLeadChange(lead)
  return (
    <div className="lead-fields">
      <Select
        label="Assigned to"
        placeholder="nobody"
        searchable
        clearable
        data={people}
        value={lead.assigned_to === null ? null : String(lead.assigned_to)}
        onChange={id => mutate({ assigned_to: id === null ? null : Number(id) })}
      />
      <Select
        label="Priority"
        allowDeselect={false}
        data={PRIORITIES}
        value={String(lead.priority)}
        onChange={value => mutate({ priority: Number(value) })}
      />
      <FollowUpField key={`follow-up ${lead.follow_up_at}`} lead={lead} save={mutate} />
      <PotentialField key={`potential ${lead.revenue_potential}`} lead={lead} currency={currency} save={mutate} />
    </div>
  )
}

type FieldProps = { lead: LeadShown; save: (change: LeadUpdate) => void }

function FollowUpField({ lead, save }: FieldProps) {
  const before = toField(lead.follow_up_at ?? undefined)
  const [value, setValue] = useState(before)
  const done = () => value !== before && save({ follow_up_at: fromField(value) ?? null })
  return (
    <TextInput
      type="datetime-local"
      label="Follow-up"
      value={value}
      onChange={({ currentTarget }) => setValue(currentTarget.value)}
      onBlur={done}
      onKeyDown={({ key }) => key === 'Enter' && done()}
    />
  )
}

function PotentialField({ lead, currency, save }: FieldProps & { currency: string }) {
  const [value, setValue] = useState<number | string>(lead.revenue_potential ?? '')
  const done = () => {
    const revenue_potential = value === '' ? null : Number(value)
    if (revenue_potential !== lead.revenue_potential) save({ revenue_potential })
  }
  return (
    <NumberInput
      label="May bring"
      placeholder="not known"
      suffix={` ${currency}`}
      thousandSeparator=","
      decimalScale={2}
      allowNegative={false}
      hideControls
      value={value}
      onChange={setValue}
      onBlur={done}
      onKeyDown={({ key }) => key === 'Enter' && done()}
    />
  )
}
