import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { Failure } from '../ui/Failure.tsx'

export function Crash({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Failure
      error={error instanceof Error ? error : new Error(String(error))}
      retry={retry}
      title="This screen could not be shown"
    />
  )
}
