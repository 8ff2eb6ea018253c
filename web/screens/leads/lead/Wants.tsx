import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { LeadField } from '../../../../shared/lead-types.ts'
import type { LeadShown } from '../../../../shared/leads.ts'
import { type Fact, Facts } from '../../../ui/Facts.tsx'
import { whole } from '../../../ui/numbers.ts'
import { Section } from '../../../ui/Section.tsx'
import { valueText } from '../../contacts/valueText.ts'
import { sentence } from '../../events/describe.ts'
import { useLeadTypes } from '../useStages.ts'
import { useMayChange } from '../useUsers.ts'
import { EditWants } from './EditWants.tsx'

/** What the person asked for: the fields of the lead's type first, then whatever else came. */
export function Wants({ lead }: { lead: LeadShown }) {
  const [editing, edit] = useDisclosure()
  const may_change = useMayChange()(lead)
  const type = useLeadTypes().find(({ key }) => key === lead.lead_type)
  const known = type?.fields.filter(({ key }) => hasValue(lead.fields[key])) ?? []
  const others = Object.keys(lead.fields).filter(name => hasValue(lead.fields[name]) && !known.some(({ key }) => key === name))
  const facts: Fact[] = [
    ['Type', type?.name ?? lead.lead_type],
    ['Product', lead.product],
    ...known.map((field): Fact => [field.label, <Value key={field.key} lead={lead} name={field.key} field={field} />]),
    ...others.map((name): Fact => [sentence(name), <Value key={name} lead={lead} name={name} />]),
  ]
  return (
    <Section
      title="What they want"
      action={
        may_change &&
        !editing && (
          <Button variant="subtle" size="compact-sm" onClick={edit.open}>
            Edit
          </Button>
        )
      }
    >
      {editing ? <EditWants lead={lead} done={edit.close} /> : <Facts facts={facts} />}
    </Section>
  )
}

const hasValue = (value: unknown) => value !== null && value !== undefined && value !== ''

function Value({ lead, name, field }: { lead: LeadShown; name: string; field?: LeadField }) {
  const value = lead.fields[name]
  const text = typeof value === 'number' ? whole(value) : valueText(value)
  const problem = lead.problems[name]
  return (
    <>
      {text}
      {field?.unit && <span className="muted"> {field.unit}</span>}
      {problem && <span className="lead-problem">{problem}</span>}
    </>
  )
}
