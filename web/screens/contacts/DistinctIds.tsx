import { ActionIcon, Tooltip } from '@mantine/core'
import { IconUnlink } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import type { Visitor } from '../../../shared/visitors.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { whole } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { place } from '../../ui/regions.ts'
import { VisitorKind } from '../visitors/VisitorKind.tsx'
import { useTakeOut } from './useUndo.tsx'

export function DistinctIds({ visitors, contact }: { visitors: Visitor[]; contact: Contact }) {
  const takeOut = useTakeOut(contact)
  const workspaceId = String(useWorkspaceId())
  if (!visitors.length)
    return <p className="identity-none">No visitor belongs to this contact yet: it was added by hand or imported.</p>
  return (
    <div className="identity-scroll">
      <table className="identity-table">
        <thead>
          <tr>
            <th>distinct_id</th>
            <th>Kind</th>
            <th className="identity-number">Events</th>
            <th className="identity-number">Visits</th>
            <th>From</th>
            <th>First seen</th>
            <th>Last visit</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {visitors.map(visitor => (
            <tr key={visitor.id}>
              <td className="identity-id">
                <Link
                  to="/w/$workspaceId/visitors/$visitorId"
                  params={{ workspaceId, visitorId: String(visitor.id) }}
                  className="text-link mono"
                  title={visitor.distinct_id}
                >
                  {visitor.distinct_id}
                </Link>
              </td>
              <td>
                <VisitorKind kind={visitor.kind} />
              </td>
              <td className="identity-number">{whole(visitor.event_count)}</td>
              <td className="identity-number">{whole(visitor.visit_count)}</td>
              <td>{visitor.utm_source ?? visitor.referring_domain ?? (place(visitor) || '–')}</td>
              <td>
                <RelativeTime at={visitor.first_seen} />
              </td>
              <td>
                <RelativeTime at={visitor.last_visit} />
              </td>
              <td className="identity-number">
                <Tooltip label="Take out…">
                  <ActionIcon
                    variant="default"
                    size={28}
                    onClick={() => takeOut(visitor)}
                    aria-label={`Take ${visitor.distinct_id} out of this contact`}
                  >
                    <IconUnlink size={15} stroke={1.7} />
                  </ActionIcon>
                </Tooltip>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
