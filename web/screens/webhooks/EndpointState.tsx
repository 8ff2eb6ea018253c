import type { Endpoint } from '../../../shared/webhooks.ts'
import { Pill } from '../../ui/Pill.tsx'
import { endpointWords } from './words.ts'

export function EndpointState({ endpoint }: { endpoint: Pick<Endpoint, 'state' | 'paused_by' | 'health'> }) {
  const { label, tone, about } = endpointWords(endpoint)
  return (
    <Pill tone={tone} title={about}>
      {label}
    </Pill>
  )
}
