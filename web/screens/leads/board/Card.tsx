import type { DraggableProvided } from '@hello-pangea/dnd'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { BoardColumn, Lead } from '../../../../shared/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'
import { Initials } from '../../../ui/Initials.tsx'
import { money } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { FollowUp, Priority } from '../LeadParts.tsx'
import { useTypeName } from '../useStages.ts'
import { useUserName } from '../useUsers.ts'
import { isNew, leadName } from '../words.ts'

type Props = {
  lead: Lead
  drag: DraggableProvided
  dragged: boolean
  stages: BoardColumn[]
  /** Undefined when this person may not move it. */
  move: ((status: string) => void) | undefined
}

export function Card({ lead, drag, dragged, stages, move }: Props) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const nameOfType = useTypeName()
  const { data: about } = useQuery(workspace(workspace_id))
  const open = () =>
    void navigate({
      to: '/w/$workspaceId/leads/$leadId',
      params: { workspaceId: String(workspace_id), leadId: String(lead.id) },
      search: {},
    })
  const value = lead.kind === 'won' && lead.conversion_count ? lead.conversion_value : lead.revenue_potential
  return (
    <li ref={drag.innerRef} {...drag.draggableProps} className="board-card" data-dragged={dragged || undefined}>
      {/* biome-ignore lint/a11y/useSemanticElements: a button would not let itself be dragged */}
      <div
        role="button"
        tabIndex={0}
        {...drag.dragHandleProps}
        className="board-card-body"
        data-new={isNew(lead) || undefined}
        aria-label={leadName(lead)}
        onClick={event => event.defaultPrevented || open()}
        onKeyDown={event => event.key === 'Enter' && open()}
      >
        <b className="cut">{leadName(lead)}</b>
        <span className="board-card-wants cut muted">
          {[nameOfType(lead.lead_type), lead.product].filter(Boolean).join(' · ')}
        </span>
        <span className="board-card-facts">
          <Priority priority={lead.priority} />
          {value !== null && <span className="number">{money(value, about?.currency ?? 'USD')}</span>}
          {lead.follow_up_at && lead.kind === 'open' ? (
            <FollowUp lead={lead} />
          ) : (
            <span className="muted" title="In this stage since">
              <RelativeTime at={lead.status_changed_at} />
            </span>
          )}
          <Owner lead={lead} />
        </span>
      </div>
      {move && <MoveMenu lead={lead} stages={stages} move={move} />}
    </li>
  )
}

function Owner({ lead: { assigned_to } }: { lead: Lead }) {
  const nameOfUser = useUserName()
  if (assigned_to === null) return null
  const name = nameOfUser(assigned_to)
  return (
    <span className="board-card-owner" title={`Assigned to ${name}`}>
      <Initials text={name} size={20} />
    </span>
  )
}

function MoveMenu({ lead, stages, move }: { lead: Lead; stages: BoardColumn[]; move: (status: string) => void }) {
  return (
    <Menu position="bottom-end" shadow="md" width={180}>
      <Menu.Target>
        <ActionIcon className="board-card-menu" variant="subtle" color="gray" size="sm" aria-label={`Move ${leadName(lead)} to…`}>
          <IconDots size={15} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Move to</Menu.Label>
        {stages
          .filter(({ status }) => status !== lead.status)
          .map(({ status, name }) => (
            <Menu.Item key={status} onClick={() => move(status)}>
              {name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
