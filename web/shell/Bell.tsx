import { ActionIcon, Popover } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Transfer } from '../../shared/transfers.ts'
import { useWorkspaceId } from '../api/workspace.ts'
import { TransferLink } from '../screens/transfers/TransferLink.tsx'
import { endWords } from '../screens/transfers/words.ts'
import { ProgressBar } from '../ui/ProgressBar.tsx'
import { percentOf } from '../ui/pace.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { useEnded } from './useEnded.ts'
import './bell.css'

/** What somebody asked for and has not looked at yet, and what still runs. */
export function Bell() {
  const [opened, { toggle, close }] = useDisclosure()
  const { running, ended = [] } = useEnded()
  const params = { workspaceId: String(useWorkspaceId()) }
  const says = ended.length ? `${ended.length} finished that you have not looked at` : 'nothing new'
  return (
    <Popover opened={opened} onChange={close} position="bottom-start" width={330} shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          className="bell"
          aria-label={`Finished work: ${says}`}
          aria-expanded={opened}
          onClick={toggle}
        >
          <IconBell size={18} stroke={1.6} />
          {ended.length > 0 && (
            <span className="bell-count" aria-hidden>
              {ended.length > 9 ? '9+' : ended.length}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        {running.length + ended.length === 0 && <p className="bell-none muted">Nothing runs, and nothing is new.</p>}
        <ul className="bell-list" aria-label="Work">
          {[...running, ...ended].map(one => (
            <li key={one.id}>
              <Line transfer={one} close={close} />
            </li>
          ))}
        </ul>
        <Link className="bell-all" to="/w/$workspaceId/transfers" params={params} onClick={close}>
          All imports and exports
        </Link>
      </Popover.Dropdown>
    </Popover>
  )
}

function Line({ transfer, close }: { transfer: Transfer; close: () => void }) {
  const percent = percentOf(transfer)
  return (
    <TransferLink transfer={transfer} className="bell-line" onClick={close}>
      <b className="cut">{transfer.name}</b>
      {transfer.state === 'running' ? (
        <ProgressBar percent={percent} label={`${Math.round(percent)} % done`} />
      ) : (
        <span className="cut muted">
          {endWords(transfer)} · <RelativeTime at={transfer.ended_at} />
        </span>
      )}
    </TransferLink>
  )
}
