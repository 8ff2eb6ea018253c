import { Button } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'

/** Whether a list shows only what is one's own. */
export function MineSwitch({ whose, ask }: { whose: number | 'me' | undefined; ask: (whose: 'me' | undefined) => void }) {
  const is_on = whose === 'me'
  return (
    <Button
      variant={is_on ? 'light' : 'default'}
      aria-pressed={is_on}
      leftSection={<IconUser size={15} stroke={1.7} />}
      onClick={() => ask(is_on ? undefined : 'me')}
    >
      Mine
    </Button>
  )
}
