import type { IntakeWebhook } from '../../../shared/intake.ts'
import { Pill } from '../../ui/Pill.tsx'
import { webhookState } from './words.ts'

export function WebhookState({ webhook }: { webhook: IntakeWebhook }) {
  const { label, tone, about } = webhookState(webhook)
  return (
    <Pill tone={tone} title={about}>
      {label}
    </Pill>
  )
}
