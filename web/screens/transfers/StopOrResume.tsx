import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useAct } from '../../api/useAct.ts'

type Props = { state: string; stop: () => Promise<unknown>; resume: () => Promise<unknown> }

/** Long work that runs can be stopped, and what was stopped or failed goes on. */
export function StopOrResume({ state, stop, resume }: Props) {
  const act = useAct()
  if (state === 'running')
    return (
      <Button
        variant="default"
        leftSection={<IconPlayerPause size={15} stroke={1.6} />}
        onClick={() => void act(stop, { done: 'It is stopped', failed: 'It was not stopped' })}
      >
        Stop
      </Button>
    )
  if (state !== 'stopped' && state !== 'failed') return null
  return (
    <Button
      leftSection={<IconPlayerPlay size={15} stroke={1.6} />}
      onClick={() => void act(resume, { done: 'It goes on', failed: 'It does not go on' })}
    >
      Resume
    </Button>
  )
}
