import { Button, Select } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import type { CrmRun, CrmRunMember } from '../../../../shared/crm.ts'
import { crmRunMembers, crmRunMembersFile } from '../../../api/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { CsvLink } from '../CsvLink.tsx'
import { PersonLink } from '../PersonLink.tsx'
import { useOpenPerson } from '../useOpenPerson.ts'
import { MEMBER_STATES, type MemberState } from '../words.ts'

const nothing = <span className="muted">–</span>

const columns: Column<CrmRunMember>[] = [
  { key: 'person', title: 'Person', width: 'minmax(0, 1.1fr)', cell: member => <PersonLink person={member} /> },
  { key: 'email', title: 'E-mail', width: 'minmax(0, 1.4fr)', cell: ({ email }) => email ?? nothing },
  { key: 'old', title: 'Old id', width: 'minmax(0, 0.6fr)', cell: ({ old_id }) => <Id id={old_id} /> },
  { key: 'state', title: 'State', width: '164px', cell: member => <State member={member} /> },
  {
    key: 'new',
    title: 'New id',
    width: 'minmax(0, 1fr)',
    cell: ({ external_id }) => (external_id ? <Id id={external_id} /> : nothing),
  },
  {
    key: 'message',
    title: 'What was said',
    width: 'minmax(0, 1.9fr)',
    cell: ({ message }) => <span title={message ?? undefined}>{message ?? nothing}</span>,
  },
  {
    key: 'at',
    title: 'Checked',
    width: '92px',
    align: 'right',
    cell: ({ checked_at }) => <RelativeTime at={checked_at} empty="not yet" />,
  },
]

const CHOICES = Object.entries(MEMBER_STATES).map(([value, { label }]) => ({ value, label }))

type Props = { run: CrmRun; state: MemberState | undefined; ask: (state: MemberState | undefined) => void }

/** Who is in the run, all of them or those in one state. */
export function Members({ run: { id }, state, ask }: Props) {
  const workspace_id = useWorkspaceId()
  const open = useOpenPerson()
  return (
    <LogList
      label="Members"
      query={crmRunMembers(workspace_id, id, { state })}
      columns={columns}
      row_key={({ contact_id }) => contact_id}
      open={open}
      compact={member => <Compact member={member} />}
      choose={undefined}
      filters={
        <search className="toolbar">
          <Select
            aria-label="State"
            placeholder="Any state"
            clearable
            w={210}
            data={CHOICES}
            value={state ?? null}
            onChange={state => ask((state as MemberState | null) ?? undefined)}
          />
          <CsvLink href={crmRunMembersFile(workspace_id, id, { state })} label="Download these members as CSV" />
        </search>
      }
      empty={
        <Empty
          icon={IconUsers}
          title={state ? 'Nobody is in this state' : 'Nobody is in this run'}
          actions={
            state && (
              <Button variant="default" onClick={() => ask(undefined)}>
                Show everybody
              </Button>
            )
          }
        >
          {state ? MEMBER_STATES[state].about : 'It takes everybody who has an id of the old CRM when it begins.'}
        </Empty>
      }
    />
  )
}

function Id({ id }: { id: string }) {
  return (
    <span className="mono" title={id}>
      {id}
    </span>
  )
}

function State({ member: { state } }: { member: CrmRunMember }) {
  const { label, tone, about } = MEMBER_STATES[state]
  return (
    <Pill tone={tone} title={`${about} (${state})`}>
      {label}
    </Pill>
  )
}

function Compact({ member }: { member: CrmRunMember }) {
  return (
    <div className="crm-compact">
      <PersonLink person={member} />
      <RelativeTime at={member.checked_at} empty="not yet" />
      <span className="cut muted">{member.message ?? `Old id ${member.old_id}`}</span>
      <State member={member} />
    </div>
  )
}
