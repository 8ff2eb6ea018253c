import { Button, Checkbox } from '@mantine/core'
import { useMay } from '../../../api/may.ts'
import type { ApiError, FreeSlot } from '../../../api/request.ts'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import { useUserName } from '../../leads/useUsers.ts'
import { useZone } from '../useTypes.ts'
import './dialogs.css'

type Props = {
  error: ApiError
  /** Takes one of the times that are free instead. */
  choose: (slot: FreeSlot) => void
  overlap: boolean
  setOverlap: (overlap: boolean) => void
}

/** The time is taken: why, what is free instead, and the way to take it all the same. */
export function Taken({ error, choose, overlap, setOverlap }: Props) {
  const zone = useZone()
  const may_overlap = useMay('update')
  const nameOfUser = useUserName()
  return (
    <div role="alert" className="dialog-taken">
      <p>
        {withoutSlots(error.message)} {error.slots.length > 0 && 'Free instead:'}
      </p>
      {error.slots.length > 0 && (
        <ul className="dialog-slots" aria-label="Free instead">
          {error.slots.map(slot => (
            <li key={`${slot.starts_at} ${slot.user_ids}`}>
              <Button
                variant="default"
                size="compact-sm"
                title={slot.user_ids?.map(nameOfUser).join(', ')}
                onClick={() => choose(slot)}
              >
                {shortDayIn(slot.starts_at, zone)}, {clockIn(slot.starts_at, zone)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {may_overlap && (
        <Checkbox
          label="Take this time all the same"
          checked={overlap}
          onChange={({ currentTarget }) => setOverlap(currentTarget.checked)}
        />
      )}
    </div>
  )
}

/** The sentence is for programs as well, and points them to the field that is shown below. */
const withoutSlots = (message: string) => message.replace(/ Choose one of `slots`[^.]*\./, '')
