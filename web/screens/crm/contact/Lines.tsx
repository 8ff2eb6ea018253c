import { Link } from '@tanstack/react-router'
import type { ContactCrm } from '../../../../shared/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { LinkState } from '../links/LinkState.tsx'
import { LetGo } from './LetGo.tsx'
import './contact-crm.css'

/** By which id each CRM knows the person. */
export function KnownTo({ links }: Pick<ContactCrm, 'links'>) {
  const params = { workspaceId: String(useWorkspaceId()) }
  if (links.length === 0) return <p className="muted crm-about">No CRM has an id for this person.</p>
  return (
    <ul className="contact-crm-lines" aria-label="Links">
      {links.map(link => (
        <li key={`${link.connection_id} ${link.contact_id}`}>
          <b>{link.connection}</b>
          {link.external_id ? (
            <CopyText text={link.external_id} label={`id at ${link.connection}`} />
          ) : (
            <span className="muted">no id yet</span>
          )}
          <LinkState link={link} />
          <span className="contact-crm-end">
            {link.error && (
              <Link
                className="text-link"
                to="/w/$workspaceId/crm"
                params={params}
                search={{ tab: 'log', contact_id: link.contact_id }}
              >
                Log
              </Link>
            )}
            <span className="muted">
              <RelativeTime at={link.updated_at} />
            </span>
            <LetGo link={link} />
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Since when they sustain, or until when they did. */
export function Sustaining({ sustains }: Pick<ContactCrm, 'sustains'>) {
  return (
    <ul className="contact-crm-lines">
      {sustains.map(({ connection_id, connection, since, ended_at }) => (
        <li key={connection_id}>
          <b>{connection}</b>
          <span>
            since <RelativeTime at={since} />
          </span>
          {ended_at ? (
            <span className="crm-cell">
              <Pill tone="plain">Ended</Pill>
              <span className="muted">
                <RelativeTime at={ended_at} />
              </span>
            </span>
          ) : (
            <span className="crm-cell">
              <Pill tone="good">Sustains</Pill>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Which mailing lists they are on, or were. */
export function OnLists({ lists }: Pick<ContactCrm, 'lists'>) {
  const workspaceId = String(useWorkspaceId())
  return (
    <ul className="contact-crm-lines">
      {lists.map(({ id, name, joined_at, left_at }) => (
        <li key={id}>
          <Link
            className="contact-crm-list"
            to="/w/$workspaceId/crm/lists/$listId"
            params={{ workspaceId, listId: String(id) }}
            search={{}}
          >
            {name}
          </Link>
          <span>
            since <RelativeTime at={joined_at} />
          </span>
          <span className="crm-cell">
            {left_at ? (
              <>
                <Pill tone="plain">Left</Pill>
                <span className="muted">
                  <RelativeTime at={left_at} />
                </span>
              </>
            ) : (
              <Pill tone="good">On it</Pill>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
