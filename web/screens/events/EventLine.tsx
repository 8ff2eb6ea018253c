import { money } from '../../ui/numbers.ts'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { describe, number, text } from './describe.ts'
import { eventTone } from './eventIcon.ts'
import './event-line.css'

type Props = { event: string; properties: Record<string, unknown>; context: Record<string, unknown> }

/** One event as a sentence; how far a video was watched, and how much was paid, are seen and not only read. */
export function EventLine({ event, properties, context }: Props) {
  const { verb, object, detail } = describe(event, properties, context)
  const watched = event === 'video_progress' ? number(properties, 'watch_percentage') : undefined
  const amount = number(properties, 'amount') ?? number(properties, 'revenue')
  return (
    <span className="event-line">
      <span className="cut">
        {verb}
        {object && <b> {object}</b>}
        {detail && <span className="event-line-detail"> {detail}</span>}
      </span>
      {watched !== undefined && <ProgressBar percent={watched} label={`watched ${watched} %`} />}
      {amount !== undefined && (
        <span className="event-line-amount" data-tone={eventTone(event)}>
          {money(amount, text(properties, 'currency') ?? 'USD')}
        </span>
      )}
    </span>
  )
}
