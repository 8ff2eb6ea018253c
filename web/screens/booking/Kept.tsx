import { useEffect, useRef, useState } from 'react'
import { clockIn } from '../../ui/zones.ts'

/** Until when the time is kept. Says so once, and not each second: whoever types is left in peace. */
export function Kept({ until, zone, ran_out }: { until: string; zone: string; ran_out: () => void }) {
  const [is_short, setShort] = useState(false)
  const end = useRef(ran_out)
  end.current = ran_out
  useEffect(() => {
    const left = Date.parse(until) - Date.now()
    const soon = setTimeout(() => setShort(true), left - 60_000)
    const over = setTimeout(() => end.current(), left)
    return () => {
      clearTimeout(soon)
      clearTimeout(over)
    }
  }, [until])
  return (
    <p className={is_short ? 'booking-kept booking-kept-short' : 'booking-kept muted'} role="status">
      {is_short ? 'The time is kept for you for less than a minute.' : `The time is kept for you until ${clockIn(until, zone)}.`}
    </p>
  )
}
