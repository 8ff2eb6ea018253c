import { IconFileOff } from '@tabler/icons-react'
import type { LeadShown } from '../../../../shared/leads.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Facts } from '../../../ui/Facts.tsx'
import { JsonView } from '../../../ui/JsonView.tsx'
import { Section } from '../../../ui/Section.tsx'

/** What was sent, untouched, and what was said about the person this time. */
export function PayloadTab({ lead }: { lead: LeadShown }) {
  return (
    <div className="lead-payload">
      <Section title="What it said about the person" about="As it was told with this lead. The contact has what counts now.">
        <Facts
          dashes
          facts={[
            ['First name', lead.first_name],
            ['Last name', lead.last_name],
            ['E-mail', lead.email],
            ['Phone', lead.phone],
            ['Browser', lead.user_agent],
          ]}
        />
      </Section>
      <Section title="Payload">
        {lead.payload === null || lead.payload === undefined ? (
          <Empty icon={IconFileOff} title="Nothing was sent">
            This lead was made here, or by the API: there is no body of a sender to show.
          </Empty>
        ) : (
          <JsonView value={lead.payload} />
        )}
      </Section>
    </div>
  )
}
