import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import './form-rows.css'

type Props = {
  title: string
  /** The title is read out and not shown: what stands above says it already. */
  unseen?: boolean
  /** What the button says that adds a row. */
  add: string
  onAdd: () => void
  most: number
  /** Each a `<li className="form-row">`. */
  rows: ReactNode[]
  error?: ReactNode
}

/** Rows of a form, of which there may be none, one or many. */
export function FormRows({ title, unseen, add, onAdd, most, rows, error }: Props) {
  return (
    <fieldset className="form-rows">
      <legend className={unseen ? 'unseen' : undefined}>{title}</legend>
      {rows.length > 0 && <ol>{rows}</ol>}
      {error && (
        <p className="form-rows-error" role="alert">
          {error}
        </p>
      )}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={13} />}
        disabled={rows.length >= most}
        onClick={onAdd}
      >
        {add}
      </Button>
    </fieldset>
  )
}

/** At the end of a row. */
export function RemoveRow({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon className="form-row-remove" variant="subtle" color="gray" size={36} aria-label={label} onClick={onClick}>
      <IconX size={15} stroke={1.7} />
    </ActionIcon>
  )
}
