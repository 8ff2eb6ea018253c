import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import './state.css'

/** What went wrong, in the server's own words, and a way to try again. */
export function Failure({
  error,
  retry,
  title = 'This could not be loaded',
}: {
  error: Error
  retry?: () => void
  title?: string
}) {
  return (
    <div className="state" role="alert">
      <IconCloudOff className="state-icon" size={28} stroke={1.4} aria-hidden />
      <h2>{title}</h2>
      <p>{error.message}</p>
      {retry && (
        <div className="state-actions">
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  )
}
