import { Alert, Modal } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { MailShown } from '../../../shared/webhooks.ts'
import { mails } from '../../api/webhooks.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { useList } from '../../ui/list.ts'
import { Pill, type Tone } from '../../ui/Pill.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import type { Column } from '../../ui/TableHead.tsx'
import { absolute } from '../../ui/times.ts'
import { VirtualTable } from '../../ui/VirtualTable.tsx'

const STATES: Record<MailShown['state'], { label: string; tone: Tone; about: string }> = {
  queued: { label: 'Waiting', tone: 'accent', about: 'It is sent in a moment.' },
  sent: { label: 'Sent', tone: 'good', about: 'The mail server took it.' },
  failed: { label: 'Failed', tone: 'bad', about: 'The mail server did not take it.' },
  kept: {
    label: 'Kept: no SMTP is set',
    tone: 'warm',
    about: 'It was not sent, because this server has no mail server. Whoever operates it sets SMTP_URL.',
  },
}

const columns: Column<MailShown>[] = [
  { key: 'at', title: 'When', width: '96px', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
  {
    key: 'subject',
    title: 'Subject',
    width: 'minmax(0, 2.4fr)',
    cell: ({ subject }) => <b className="activity-action">{subject}</b>,
  },
  { key: 'to', title: 'To', width: 'minmax(0, 1.4fr)', cell: ({ to_address }) => to_address },
  { key: 'state', title: 'State', width: '168px', cell: mail => <State mail={mail} /> },
]

/** The e-mails that the server wrote, whether they could be sent or not. */
export function Mails() {
  const list = useList(useInfiniteQuery(mails(useWorkspaceId())))
  const [opened, open] = useState<MailShown>()
  return (
    <>
      <VirtualTable
        label="E-mails"
        list={list}
        columns={columns}
        row_key={mail => mail.id}
        open={open}
        compact={mail => <Compact mail={mail} />}
        empty={
          <Empty icon={IconMail} title="No e-mail was written yet">
            Customers get one about their appointments, people who register in a funnel that asks for a confirmation, owners and
            admins when an endpoint is paused because it fails. They are kept here for ninety days, sent or not.
          </Empty>
        }
      />
      <Modal opened={opened !== undefined} onClose={() => open(undefined)} size={640} title={opened?.subject}>
        {opened && <Letter mail={opened} />}
      </Modal>
    </>
  )
}

function State({ mail: { state, error } }: { mail: MailShown }) {
  const { label, tone, about } = STATES[state]
  return (
    <Pill tone={tone} title={error ?? about}>
      {label}
    </Pill>
  )
}

function Compact({ mail }: { mail: MailShown }) {
  return (
    <div className="activity-compact">
      <b className="cut">{mail.subject}</b>
      <RelativeTime at={mail.created_at} />
      <span className="cut muted">to {mail.to_address}</span>
      <State mail={mail} />
    </div>
  )
}

function Letter({ mail: { to_address, created_at, sent_at, state, error, body, calendar } }: { mail: MailShown }) {
  return (
    <>
      <p className="muted" style={{ margin: '0 0 12px' }}>
        To {to_address}, written {absolute(created_at)}
        {sent_at && `, sent ${absolute(sent_at)}`}
      </p>
      {state !== 'sent' && (
        <Alert variant="light" color={state === 'failed' ? 'red' : 'orange'} mb="sm" p="sm">
          {error ?? STATES[state].about}
        </Alert>
      )}
      <pre className="mail-body">{body}</pre>
      {calendar !== null && (
        <p style={{ margin: '12px 0 0' }}>
          <a href={`data:text/calendar;charset=utf-8,${encodeURIComponent(calendar)}`} download="appointment.ics">
            appointment.ics
          </a>
        </p>
      )}
    </>
  )
}
