import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { MailingListMember } from '../../../../shared/crm.ts'
import { leaveMailingList } from '../../../api/crm.ts'
import { useAct } from '../../../api/useAct.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'

const SOURCES: Record<string, string> = {
  sign_up: 'by signing up',
  event: 'by a form',
  api: 'by the API',
  person: 'added by a person',
}

const sourceOf = ({ source }: MailingListMember) => SOURCES[source] ?? source

const nothing = <span className="muted">–</span>
const nameOf = ({ first_name, last_name }: MailingListMember) => [first_name, last_name].filter(Boolean).join(' ')

export function columnsOf(list_id: number, may_leave: boolean): Column<MailingListMember>[] {
  return [
    { key: 'email', title: 'E-mail', width: 'minmax(0, 2fr)', cell: member => <Email member={member} /> },
    { key: 'name', title: 'Name', width: 'minmax(0, 1.5fr)', cell: member => nameOf(member) || nothing },
    { key: 'source', title: 'Joined', width: 'minmax(0, 1fr)', cell: member => sourceOf(member) },
    { key: 'at', title: 'When', width: '92px', align: 'right', cell: ({ joined_at }) => <RelativeTime at={joined_at} /> },
    may_leave
      ? { key: 'leave', title: '', width: '92px', align: 'right', cell: member => <Leave member={member} list_id={list_id} /> }
      : { key: 'left', title: 'Left', width: '92px', align: 'right', cell: ({ left_at }) => <RelativeTime at={left_at} /> },
  ]
}

function Email({ member: { email, contact_id } }: { member: MailingListMember }) {
  const workspaceId = String(useWorkspaceId())
  if (contact_id === null) return <b className="crm-list-email">{email}</b>
  return (
    <Link
      to="/w/$workspaceId/contacts/$contactId"
      params={{ workspaceId, contactId: String(contact_id) }}
      search={{ tab: 'crm' }}
      className="table-link cut"
      tabIndex={-1}
    >
      {email}
    </Link>
  )
}

function Leave({ member: { email }, list_id }: { member: MailingListMember; list_id: number }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  return (
    <Button
      className="crm-beside"
      variant="default"
      size="compact-xs"
      aria-label={`Take ${email} off the list`}
      onClick={() =>
        void act(() => leaveMailingList(workspace_id, list_id, email), {
          done: `${email} left the list`,
          failed: `${email} is still on the list`,
        })
      }
    >
      Take off
    </Button>
  )
}

type CompactProps = { member: MailingListMember; list_id: number; may_leave: boolean }

export function CompactMember({ member, list_id, may_leave }: CompactProps) {
  return (
    <div className="crm-compact">
      <Email member={member} />
      <RelativeTime at={member.left_at ?? member.joined_at} />
      <span className="cut muted">{[nameOf(member), sourceOf(member)].filter(Boolean).join(', ')}</span>
      {may_leave ? <Leave member={member} list_id={list_id} /> : <span />}
    </div>
  )
}
