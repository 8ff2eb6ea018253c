import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconInbox, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import type { Lead } from '../../../shared/leads.ts'
import { contactLeads } from '../../api/leads.ts'
import { useMay } from '../../api/may.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { workspace } from '../../api/workspaces.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import { useList } from '../../ui/list.ts'
import { count, money } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { NewLead } from '../leads/inbox/NewLead.tsx'
import { Assignee, Status } from '../leads/LeadParts.tsx'
import { useTypeName } from '../leads/useStages.ts'
import { originOf } from '../leads/words.ts'
import './records.css'

/** Every interest of this person, the newest first. */
export function LeadsTab({ contact }: { contact: Contact }) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const may_work = useMay('work')
  const [creating, create] = useDisclosure()
  const list = useList(useInfiniteQuery(contactLeads(workspace_id, contact.id)))
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The leads could not be loaded" />
  if (list.pending) return <SkeletonLines lines={6} pitch={58} padding="8px var(--edge)" />
  const add = may_work && !contact.merged_into && (
    <Button variant="default" leftSection={<IconPlus size={15} />} onClick={create.open}>
      New lead
    </Button>
  )
  return (
    <>
      {list.rows.length ? (
        <>
          <div className="records-head">
            <span className="muted number">{list.complete && count(list.rows.length, 'lead')}</span>
            {add}
          </div>
          <ul className="records" aria-label="Leads">
            {list.rows.map(lead => (
              <Line key={lead.id} lead={lead} />
            ))}
          </ul>
          <InfiniteEnd list={list} end="" />
        </>
      ) : (
        <Empty icon={IconInbox} title="No leads of this person" actions={add}>
          Each time the person asks for something, through a form, an ad or a partner, it becomes a lead and stands here.
        </Empty>
      )}
      <NewLead
        contact_id={contact.id}
        opened={creating}
        onClose={create.close}
        onCreated={({ id }) =>
          void navigate({
            to: '/w/$workspaceId/leads/$leadId',
            params: { workspaceId: String(workspace_id), leadId: String(id) },
            search: {},
          })
        }
      />
    </>
  )
}

function Line({ lead }: { lead: Lead }) {
  const workspace_id = useWorkspaceId()
  const nameOfType = useTypeName()
  const { data: about } = useQuery(workspace(workspace_id))
  const { kind, product, lead_type, conversion_value, revenue_potential } = lead
  const value = kind === 'won' ? conversion_value || null : kind === 'open' ? revenue_potential : null
  return (
    <li>
      <Link
        to="/w/$workspaceId/leads/$leadId"
        params={{ workspaceId: String(workspace_id), leadId: String(lead.id) }}
        className="record"
      >
        <b className="cut">{[nameOfType(lead_type), product].filter(Boolean).join(' · ')}</b>
        <span className="record-state">
          <Status lead={lead} />
        </span>
        <span className="record-value number">{value !== null && money(value, about?.currency ?? 'USD')}</span>
        <span className="record-more cut muted">
          {originOf(lead) ?? 'by hand'}, assigned to <Assignee user_id={lead.assigned_to} />
          {lead.lost_reason && `, lost: ${lead.lost_reason}`}
        </span>
        <span className="record-when muted">
          <RelativeTime at={lead.created_at} />
        </span>
      </Link>
    </li>
  )
}
