import { Button } from '@mantine/core'
import { IconRepeat } from '@tabler/icons-react'
import type { Delivery } from '../../../../shared/webhooks.ts'
import { count } from '../../../ui/numbers.ts'
import type { Selection } from '../../../ui/useSelection.ts'
import { useReplay } from './useReplay.tsx'

/** What can be done with the deliveries that are chosen. */
export function SelectionBar({ selection }: { selection: Selection<Delivery> }) {
  const replay = useReplay()
  return (
    <div className="selection" role="toolbar" aria-label="Chosen deliveries">
      <b className="number" aria-live="polite">
        {count(selection.rows.length, 'delivery', 'deliveries')} chosen
      </b>
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
      <Button variant="default" onClick={selection.clear}>
        Choose none
      </Button>
    </div>
  )
}
