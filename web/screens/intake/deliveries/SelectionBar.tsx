import { Button } from '@mantine/core'
import { IconRepeat } from '@tabler/icons-react'
import type { IntakeDelivery } from '../../../../shared/intake.ts'
import { ChosenBar } from '../../../ui/ChosenBar.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import type { Selection } from '../../../ui/useSelection.ts'
import { isReplayable } from '../words.ts'
import { useReplay } from './useReplay.ts'

/** What can be done with what is chosen. */
export function SelectionBar({ selection }: { selection: Selection<IntakeDelivery> }) {
  const { replay, progress } = useReplay()
  const again = selection.rows.filter(isReplayable)
  return (
    <ChosenBar of="deliveries" says={`${count(selection.rows.length, 'delivery', 'deliveries')} chosen`} clear={selection.clear}>
      <Button
        leftSection={<IconRepeat size={15} stroke={1.7} />}
        loading={progress !== undefined}
        disabled={!again.length}
        onClick={() =>
          replay(
            again.map(({ id }) => id),
            selection.clear,
          )
        }
      >
        {wordsOf(again.length, selection.rows.length)}
      </Button>
      {progress && (
        <ProgressBar
          percent={(100 * progress.done) / progress.of}
          label={`${whole(progress.done)} of ${whole(progress.of)} processed again`}
        />
      )}
    </ChosenBar>
  )
}

/** Of those that are chosen, some are leads already. */
function wordsOf(again: number, chosen: number) {
  if (again === chosen) return 'Replay selected'
  return again ? `Replay ${whole(again)} that made no lead` : 'All are leads already'
}
