import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import './state.css'

type Props = {
  error: Error
  retry?: () => void
  title?: string
  /** Other ways out. */
  children?: ReactNode
}

/** What went wrong, in the server's own words, and a way to try again. */
export function Failure({ error, retry, title = 'This could not be loaded', children }: Props) {
  return (
    <div className="state" role="alert">
      <IconCloudOff className="state-icon" size={28} stroke={1.4} aria-hidden />
      <h2>{title}</h2>
      <p>{error.message}</p>
      <div className="state-actions">
        {retry && (
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {children}
      </div>
    </div>
  )
}
