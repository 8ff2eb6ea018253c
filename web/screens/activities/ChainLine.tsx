import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { activityChain } from '../../api/events.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'

/** Whether anybody changed the history behind the server's back. */
export function ChainLine() {
  const { data } = useQuery(activityChain(useWorkspaceId()))
  if (!data) return null
  const { activities, checkpoint_at, problem } = data
  if (problem !== null) {
    return (
      <Alert
        color="red"
        variant="light"
        className="activities-broken"
        icon={<IconAlertTriangle size={18} />}
        title="Somebody changed the history"
      >
        The chain of activities is not as it was written, {problem}. Whoever runs the server finds more with{' '}
        <code>throughline audit verify</code>.
      </Alert>
    )
  }
  return (
    <p className="activities-chain muted">
      <IconLink size={15} stroke={1.6} aria-hidden />
      {checkpoint_at ? (
        <span>
          The history is whole: {activities.toLocaleString()} changes in one chain, signed <RelativeTime at={checkpoint_at} />
        </span>
      ) : (
        <span>{activities.toLocaleString()} changes in one chain, which is signed once a day</span>
      )}
    </p>
  )
}
