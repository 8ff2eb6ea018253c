import { ActionIcon } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import './row-tools.css'

type Props = {
  /** How the row is called in the names of its buttons. */
  label: string
  index: number
  length: number
  move: (to: number) => void
  remove?: () => void
}

/** Earlier, later, and away: for the rows of a list whose order means something. */
export function RowTools({ label, index, length, move, remove }: Props) {
  return (
    <span className="row-tools">
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${label} earlier`}
        disabled={index === 0}
        onClick={() => move(index - 1)}
      >
        <IconArrowUp size={15} stroke={1.7} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${label} later`}
        disabled={index === length - 1}
        onClick={() => move(index + 1)}
      >
        <IconArrowDown size={15} stroke={1.7} />
      </ActionIcon>
      {remove && (
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${label}`} onClick={remove}>
          <IconX size={15} stroke={1.7} />
        </ActionIcon>
      )}
    </span>
  )
}

/** The same list with one of its members somewhere else. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list]
  next.splice(to, 0, ...next.splice(from, 1))
  return next
}
