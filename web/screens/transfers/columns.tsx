import type { Transfer } from '../../../shared/transfers.ts'
import { whole } from '../../ui/numbers.ts'
import { Pill } from '../../ui/Pill.tsx'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { percentOf } from '../../ui/pace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import type { Column } from '../../ui/TableHead.tsx'
import { actorName } from '../activities/words.ts'
import { TransferLink } from './TransferLink.tsx'
import { endWords, KINDS, STATES } from './words.ts'

export const columns: Column<Transfer>[] = [
  { key: 'name', title: 'What', width: 'minmax(0, 1.6fr)', cell: one => <Name transfer={one} /> },
  { key: 'kind', title: 'Kind', width: '96px', cell: ({ kind }) => KINDS[kind] },
  { key: 'state', title: 'State', width: '124px', cell: one => <State transfer={one} /> },
  { key: 'result', title: 'How it went', width: 'minmax(0, 1.6fr)', cell: one => <Result transfer={one} /> },
  { key: 'rows', title: 'Rows', width: '84px', align: 'right', cell: ({ total, done }) => whole(total ?? done) },
  { key: 'actor', title: 'Who', width: 'minmax(0, 0.8fr)', cell: ({ actor }) => actorName(actor) },
  { key: 'at', title: 'When', width: '92px', align: 'right', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
]

export function State({ transfer: { state, error } }: { transfer: Transfer }) {
  const { label, tone } = STATES[state]
  return (
    <Pill tone={tone} title={error ?? undefined}>
      {label}
    </Pill>
  )
}

function Name({ transfer }: { transfer: Transfer }) {
  return (
    <TransferLink transfer={transfer} className="table-link cut">
      {transfer.name}
    </TransferLink>
  )
}

function Result({ transfer }: { transfer: Transfer }) {
  const percent = percentOf(transfer)
  if (transfer.state === 'running' && transfer.total !== null)
    return <ProgressBar percent={percent} label={`${Math.round(percent)} % done`} />
  const words = endWords(transfer).replace(/^[^:]*: /, '')
  return (
    <span className="cut" title={words}>
      {words === STATES[transfer.state].label ? <span className="muted">–</span> : words}
    </span>
  )
}

export function CompactTransfer({ transfer }: { transfer: Transfer }) {
  return (
    <div className="transfer-compact">
      <Name transfer={transfer} />
      <RelativeTime at={transfer.created_at} />
      <Result transfer={transfer} />
      <State transfer={transfer} />
    </div>
  )
}
