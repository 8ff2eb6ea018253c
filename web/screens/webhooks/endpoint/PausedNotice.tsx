import type { Endpoint } from '../../../../shared/webhooks.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { counted, endpointWords } from '../words.ts'

/** Why it is paused, since when, and what to do. */
export function PausedNotice({ endpoint }: { endpoint: Endpoint }) {
  const { about, tone } = endpointWords(endpoint)
  const { held } = endpoint.health
  return (
    <div className="endpoint-paused" data-tone={tone} role="status">
      <p>{about}</p>
      <p className="muted">
        Paused <RelativeTime at={endpoint.paused_at} />
        {held > 0 && ` · ${counted(held)} ${held === 1 ? 'delivery is' : 'deliveries are'} held`}
        {endpoint.paused_reason && ` · ${endpoint.paused_reason}`}
      </p>
    </div>
  )
}
