import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Contact } from '../../../shared/contacts.ts'
import { updateContact } from '../../api/contacts.ts'
import { useMay } from '../../api/may.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { workspace } from '../../api/workspaces.ts'
import { type Fact, Facts } from '../../ui/Facts.tsx'
import { Figures } from '../../ui/Figures.tsx'
import { money, whole } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { place } from '../../ui/regions.ts'
import { Section } from '../../ui/Section.tsx'
import { OwnFields } from '../fields/OwnFields.tsx'
import { Owner } from '../people/Owner.tsx'
import { ContactTags } from '../tags/ContactTags.tsx'
import { EditDetails } from './EditDetails.tsx'
import { Segment } from './stages.tsx'
import { valueText } from './valueText.ts'

type Props = { contact: Contact; editing: boolean; edit: () => void; done: () => void }

export function Summary({ contact, editing, edit, done }: Props) {
  const { data: about } = useQuery(workspace(useWorkspaceId()))
  const may_change = useMay('work')
  const { lifetime_value } = contact
  return (
    <>
      <Section title="At a glance" action={<Segment segment={contact.segment} />}>
        <Figures
          figures={[
            { label: 'Visits', value: whole(contact.visit_count) },
            { label: 'Events', value: whole(contact.event_count) },
            { label: 'Watched', value: whole(contact.watch_percentage), unit: '%' },
            { label: 'First seen', value: <RelativeTime at={contact.first_seen} empty="never" /> },
            { label: 'Last visit', value: <RelativeTime at={contact.last_visit} empty="never" /> },
            { label: 'Value', value: lifetime_value ? money(lifetime_value, about?.currency ?? 'USD') : '–' },
          ]}
        />
      </Section>
      <ContactTags contact_id={contact.id} />
      <Owner
        scope="contacts"
        owner_id={contact.owner_id}
        save={(workspace_id, owner_id) => updateContact(workspace_id, contact.id, { owner_id })}
      />
      <OwnFields
        noun="contact"
        custom={contact.custom}
        may_change={may_change && contact.merged_into === null}
        save={(workspace_id, custom) => updateContact(workspace_id, contact.id, { custom })}
      />
      <Section title="Where from">
        <Facts facts={origin(contact)} />
      </Section>
      <Section
        title="Details"
        action={
          !editing && (
            <Button variant="subtle" size="compact-sm" onClick={edit} aria-keyshortcuts="e">
              Edit
            </Button>
          )
        }
      >
        {editing ? <EditDetails contact={contact} done={done} /> : <Facts dashes facts={details(contact)} />}
      </Section>
    </>
  )
}

function origin(contact: Contact): Fact[] {
  const first = touch(contact.utm_source, contact.utm_medium, contact.utm_campaign)
  const last = touch(contact.utm_source_last, contact.utm_medium_last, contact.utm_campaign_last)
  return [
    ['First touch', first ?? contact.referring_domain ?? 'direct'],
    ['Last touch', last === first ? null : last],
    ['Search term', contact.utm_term],
    ['Referrer', contact.referring_domain],
    ['Referral code', contact.referral_code],
    ['Location', place(contact)],
  ]
}

function touch(...parts: (string | null)[]) {
  return parts.filter(Boolean).join(' / ') || null
}

function details(contact: Contact): Fact[] {
  return [
    ['First name', contact.first_name],
    ['Last name', contact.last_name],
    [
      'E-mail',
      contact.email && (
        <a className="text-link" href={`mailto:${contact.email}`}>
          {contact.email}
        </a>
      ),
    ],
    [
      'Phone',
      contact.phone && (
        <a className="text-link" href={`tel:${contact.phone}`}>
          {contact.phone}
        </a>
      ),
    ],
    ['User id', contact.user_id && <span className="mono">{contact.user_id}</span>],
    ['Age', contact.age],
    ['Gender', contact.gender],
    ['Address', contact.address ? valueText(contact.address) : null],
    ['Created', <RelativeTime key="created" at={contact.created_at} />],
  ]
}
