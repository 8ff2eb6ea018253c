import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import './edit-form.css'

type Props = { save: () => void; saving: boolean; cancel: () => void; children: ReactNode }

/** Fields in the place of what they change, one below the other. Escape leaves them, unless it closed a menu of one. */
export function EditForm({ save, saving, cancel, children }: Props) {
  return (
    <form
      className="edit-form"
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
      // Mantine marks so what has a menu open.
      onKeyDown={({ key, target }) =>
        key === 'Escape' && !(target as Element).closest('[data-mantine-stop-propagation]') && cancel()
      }
    >
      {children}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
        <Button type="submit" loading={saving}>
          Save
        </Button>
      </Group>
    </form>
  )
}
