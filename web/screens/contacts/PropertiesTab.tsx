import { IconTags } from '@tabler/icons-react'
import type { ContactWithTags } from '../../../shared/tags.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { JsonView } from '../../ui/JsonView.tsx'

/** Everything that was said about the person, by name. */
export function PropertiesTab({ contact }: { contact: ContactWithTags }) {
  const properties = Object.entries(contact.properties).sort(([one], [other]) => one.localeCompare(other))
  if (!properties.length)
    return (
      <Empty icon={IconTags} title="No properties">
        Whatever <code>identify</code> or a form says about a person beyond name, e-mail and phone appears here.
      </Empty>
    )
  return (
    <div className="contact-properties">
      <Facts
        dashes
        facts={properties.map(([name, value]) => [
          name,
          <span key={name}>
            <Value value={value} />
            {contact.problems[name] && (
              <span className="contact-misfit">Not in your field of this name, where it {contact.problems[name]}</span>
            )}
          </span>,
        ])}
      />
    </div>
  )
}

function Value({ value }: { value: unknown }) {
  if (value !== null && typeof value === 'object') return <JsonView value={value} />
  if (value === null || value === '') return <span className="muted">–</span>
  return <span className={typeof value === 'number' ? 'number' : undefined}>{String(value)}</span>
}
