import type { CrmLogEntry } from '../../../../shared/crm.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { PersonLink } from '../PersonLink.tsx'
import { ERROR_KINDS, OPERATIONS } from '../words.ts'

const nothing = <span className="muted">–</span>

export const columns: Column<CrmLogEntry>[] = [
  { key: 'at', title: 'When', width: '84px', cell: ({ at }) => <RelativeTime at={at} /> },
  {
    key: 'operation',
    title: 'Tried',
    width: '128px',
    cell: ({ operation }) => <b className="crm-log-what">{whatOf(operation)}</b>,
  },
  { key: 'connection', title: 'CRM', width: 'minmax(0, 0.7fr)', cell: entry => crmOf(entry) },
  { key: 'person', title: 'Person', width: 'minmax(0, 1.1fr)', cell: entry => <Person entry={entry} /> },
  { key: 'kind', title: 'What went wrong', width: '168px', cell: entry => <Kind entry={entry} /> },
  {
    key: 'message',
    title: 'Message',
    width: 'minmax(0, 2.8fr)',
    cell: ({ message, code }) => (
      <span className="crm-log-said">
        <span className="cut" title={message}>
          {message}
        </span>
        <span className="cut mono muted" title={code}>
          {code}
        </span>
      </span>
    ),
  },
]

function Kind({ entry: { kind, http_status } }: { entry: CrmLogEntry }) {
  return (
    <span className="crm-cell">
      <Pill tone={kind === 'rate_limited' ? 'warm' : 'bad'}>{ERROR_KINDS[kind].label}</Pill>
      {http_status && <span className="muted number">{http_status}</span>}
    </span>
  )
}

export const whatOf = (operation: string) => OPERATIONS[operation] ?? operation

/** By its name; once it is gone, by what it was. */
export const crmOf = ({ connection, provider }: CrmLogEntry) => connection ?? `${provider} (deleted)`

export function Person({ entry: { contact_id, email } }: { entry: CrmLogEntry }) {
  if (contact_id === null) return email ?? nothing
  return <PersonLink person={{ contact_id, name: null, email }} beside />
}

export function CompactEntry({ entry }: { entry: CrmLogEntry }) {
  return (
    <div className="crm-compact">
      <b className="cut crm-log-what">{[whatOf(entry.operation), entry.email].filter(Boolean).join(', ')}</b>
      <RelativeTime at={entry.at} />
      <span className="cut muted">{entry.message}</span>
      <Kind entry={entry} />
    </div>
  )
}
