import { Loader } from '@mantine/core'
import { useEffect, useState } from 'react'

/** It is counted from the events themselves: how long that goes on already. */
export function Counting() {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const clock = setInterval(() => setSeconds(before => before + 1), 1000)
    return () => clearInterval(clock)
  }, [])
  return (
    <p className="funnel-counting" role="status">
      <Loader size="xs" color="gray" />
      {seconds < 2 ? 'Going through the events' : `Going through the events, ${seconds} s so far`}
      {seconds >= 5 && '. A shorter period or rarer events are quicker.'}
    </p>
  )
}
