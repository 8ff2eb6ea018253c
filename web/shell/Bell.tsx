import { ActionIcon, Popover } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWorkspaceId } from '../api/workspace.ts'
import { TransferLink } from '../screens/transfers/TransferLink.tsx'
import { ProgressBar } from '../ui/ProgressBar.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { useEnded, type Work } from './useEnded.ts'
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
            <li key={one.key}>
              <Line work={one} close={close} />
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

function Line({ work: { name, state, percent, words, ended_at, of }, close }: { work: Work; close: () => void }) {
  const workspaceId = String(useWorkspaceId())
  const said = (
    <>
      <b className="cut">{name}</b>
      {state === 'running' ? (
        <ProgressBar percent={percent} label={`${Math.round(percent)} % done`} />
      ) : (
        <span className="cut muted">
          {words} · <RelativeTime at={ended_at} />
        </span>
      )}
    </>
  )
  if ('transfer' in of)
    return (
      <TransferLink transfer={of.transfer} className="bell-line" onClick={close}>
        {said}
      </TransferLink>
    )
  const params = { workspaceId, runId: String(of.run.id) }
  return (
    <Link to="/w/$workspaceId/crm/runs/$runId" params={params} search={{}} className="bell-line" onClick={close}>
      {said}
    </Link>
  )
}
