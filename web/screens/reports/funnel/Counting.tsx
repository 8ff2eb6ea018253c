import { Button, Loader } from '@mantine/core'
import { useEffect, useState } from 'react'

/** It is counted from the events themselves: how long that goes on already, and a way to end it. */
export function Counting({ stop }: { stop: () => void }) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const clock = setInterval(() => setSeconds(before => before + 1), 1000)
    return () => clearInterval(clock)
  }, [])
  return (
    <div className="funnel-counting">
      <p role="status">
        <Loader size="xs" color="gray" />
        {seconds < 2 ? 'Going through the events' : `Going through the events, ${seconds} s so far`}
        {seconds >= 5 && '. A shorter period or rarer events are quicker.'}
      </p>
      <Button variant="default" size="compact-sm" onClick={stop}>
        Stop
      </Button>
    </div>
  )
}

export function Stopped({ again }: { again: () => void }) {
  return (
    <div className="funnel-counting">
      <p role="status">Stopped. Nothing is being counted.</p>
      <Button variant="default" size="compact-sm" onClick={again}>
        Count again
      </Button>
    </div>
  )
}
