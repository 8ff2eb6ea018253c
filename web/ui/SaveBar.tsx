import { Alert, Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import './save-bar.css'

type Props = {
  dirty: boolean
  saving: boolean
  error: Error | null
  /** Takes back what was typed. */
  discard: () => void
  /** Takes back what went wrong. */
  reset: () => void
  /** Asks whether all of it may go. */
  remove?: (() => void) | undefined
  children?: ReactNode
}

/** What went wrong, and the buttons of a form that is saved as a whole. `children`: what else can be done with it. */
export function SaveBar({ dirty, saving, error, discard, reset, remove, children }: Props) {
  return (
    <>
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <Group gap="xs" mt="md">
        <Button type="submit" disabled={!dirty} loading={saving}>
          Save
        </Button>
        {dirty && (
          <Button
            variant="default"
            onClick={() => {
              discard()
              reset()
            }}
          >
            Discard
          </Button>
        )}
        {(children || remove) && (
          <span className="save-bar-more">
            {children}
            {remove && (
              <Button variant="subtle" color="red" onClick={remove}>
                Delete…
              </Button>
            )}
          </span>
        )}
      </Group>
    </>
  )
}
