import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Contact } from '../../../shared/contacts.ts'
import { identity } from '../../api/contacts.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { Section } from '../../ui/Section.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { Consents } from './Consents.tsx'
import { DistinctIds } from './DistinctIds.tsx'
import { LinkLog } from './LinkLog.tsx'
import { LinkVisitor } from './LinkVisitor.tsx'
import { Merges } from './Merges.tsx'
import './identity.css'

/** Who this contact is made of, every claim that made it so, and the way back. */
export function IdentityTab({ contact }: { contact: Contact }) {
  const { data, error, refetch } = useQuery(identity(useWorkspaceId(), contact.id))
  const [linking, link] = useDisclosure()
  if (error) return <Failure error={error} retry={() => void refetch()} title="The identity could not be loaded" />
  if (!data) return <SkeletonLines lines={10} padding="16px var(--edge)" />
  return (
    <div className="identity">
      <Section
        title="Made of"
        about="Every distinct_id that is this person, and what each one brought along."
        action={
          <Button variant="default" size="compact-sm" onClick={link.open}>
            Link a visitor…
          </Button>
        }
      >
        <DistinctIds visitors={data.visitors} contact={contact} />
        <p className="identity-keys">
          {data.keys.length ? 'Found again by ' : 'Nothing to be found again by yet.'}
          {data.keys.map(({ kind, value }) => (
            <span key={`${kind} ${value}`} className="identity-key">
              <span className="muted">{KINDS[kind] ?? kind}</span> {value}
            </span>
          ))}
        </p>
      </Section>
      <Section title="Link log" about="Each claim that two are one, and what became of it. Undo takes a link back, exactly.">
        <LinkLog links={data.links} contact={contact} visitors={data.visitors} />
      </Section>
      <Section title="Merges" about="Contacts that somebody made part of this one.">
        <Merges merges={data.merges} contact={contact} />
      </Section>
      <Section title="Consent" about="What they allow, by purpose. The newest of what they said holds; nothing is overwritten.">
        <Consents contact={contact} />
      </Section>
      <LinkVisitor contact={contact} opened={linking} onClose={link.close} />
    </div>
  )
}

const KINDS: Record<string, string> = { email: 'e-mail', phone: 'phone', user_id: 'user id' }
