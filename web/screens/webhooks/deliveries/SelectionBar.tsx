import { Button } from '@mantine/core'
import { IconRepeat } from '@tabler/icons-react'
import type { Delivery } from '../../../../shared/webhooks.ts'
import { ChosenBar } from '../../../ui/ChosenBar.tsx'
import { count } from '../../../ui/numbers.ts'
import type { Selection } from '../../../ui/useSelection.ts'
import { useReplay } from './useReplay.tsx'

/** What can be done with the deliveries that are chosen. */
export function SelectionBar({ selection }: { selection: Selection<Delivery> }) {
  const replay = useReplay()
  return (
    <ChosenBar of="deliveries" says={`${count(selection.rows.length, 'delivery', 'deliveries')} chosen`} clear={selection.clear}>
      <Button
        leftSection={<IconRepeat size={15} stroke={1.7} />}
        onClick={() =>
          replay(
            selection.rows.map(({ id }) => id),
            selection.clear,
          )
        }
      >
        Replay selected
      </Button>
    </ChosenBar>
  )
}
