import { useEffect, useState } from 'react'

const EVERY_MS = 30_000

/** The present moment, often enough for a line that shows it. */
export function useNow() {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}
