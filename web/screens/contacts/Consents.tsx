import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ConsentSource } from '../../../shared/consents.ts'
import type { Contact } from '../../../shared/contacts.ts'
import { consents, noteConsent } from '../../api/consents.ts'
import { useMay } from '../../api/may.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import './consents.css'

/** What somebody allows and how that is known, to be changed when they say so on the phone. */
export function Consents({ contact }: { contact: Contact }) {
  const workspace_id = useWorkspaceId()
  const { data, error, refetch } = useQuery(consents(workspace_id, contact.id))
  const may_change = useMay('update')
  const act = useAct()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The consents could not be loaded" />
  if (!data) return <SkeletonLines lines={3} />
  const note = (purpose: string, granted: boolean) =>
    void act(() => noteConsent(workspace_id, contact.id, { purposes: { [purpose]: granted } }), {
      done: granted ? 'Noted as allowed' : 'Noted as denied',
      failed: 'It was not noted',
    })
  return (
    <ul className="consents" aria-label="Consents">
      {data.data.map(({ purpose, label, granted, source, text_version, text, said_at }) => (
        <li key={purpose}>
          <strong>{label}</strong>
          <Pill tone={granted === null ? 'plain' : granted ? 'good' : 'bad'}>
            {granted === null ? 'never asked' : granted ? 'allowed' : 'denied'}
          </Pill>
          <span className="muted consents-how">
            {source && SOURCES[source]}
            {text_version && `, text ${text_version}`}
            {text && `, “${text}”`}
            {said_at && (
              <>
                , <RelativeTime at={said_at} />
              </>
            )}
          </span>
          {may_change && (
            <span className="consents-verbs">
              {granted !== true && (
                <Button variant="default" size="compact-xs" aria-label={`Allow ${label}`} onClick={() => note(purpose, true)}>
                  Allow
                </Button>
              )}
              {granted !== false && (
                <Button variant="default" size="compact-xs" aria-label={`Deny ${label}`} onClick={() => note(purpose, false)}>
                  Deny
                </Button>
              )}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

const SOURCES: Record<ConsentSource, string> = {
  tracker: 'on the site',
  form: 'by a form',
  api: 'by the API',
  import: 'by an import',
  person: 'by hand',
}
