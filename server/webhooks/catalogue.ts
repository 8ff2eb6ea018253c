import type { WebhookEvent } from '../../shared/webhooks.ts'
import { APPOINTMENTS } from './catalogue/appointments.ts'
import { CONVERSIONS } from './catalogue/conversions.ts'
import { CRM } from './catalogue/crm.ts'
import { CUSTOM } from './catalogue/custom.ts'
import { DASHBOARDS } from './catalogue/dashboards.ts'
import { DESK } from './catalogue/desk.ts'
import { FORWARDING } from './catalogue/forwarding.ts'
import { FUNNEL } from './catalogue/funnel.ts'
import { FUNNELS } from './catalogue/funnels.ts'
import { INTAKE } from './catalogue/intake.ts'
import { LEADS } from './catalogue/leads.ts'
import { NOTES } from './catalogue/notes.ts'
import { PEOPLE } from './catalogue/people.ts'
import { PRIVACY } from './catalogue/privacy.ts'
import { ROUTING } from './catalogue/routing.ts'
import { SEGMENTS } from './catalogue/segments.ts'
import { STAFF } from './catalogue/staff.ts'
import { TAGS } from './catalogue/tags.ts'
import { TRANSFERS } from './catalogue/transfers.ts'
import { VIEWS } from './catalogue/views.ts'
import { WEBHOOKS, WORKSPACE } from './catalogue/workspace.ts'

/** Every type of message there is, besides events of one's own: the visible list of every module's. */
const CATALOGUE: readonly WebhookEvent[] = [
  ...FUNNEL,
  ...FUNNELS,
  ...PEOPLE,
  ...TAGS,
  ...PRIVACY,
  ...CUSTOM,
  ...NOTES,
  ...VIEWS,
  ...SEGMENTS,
  ...LEADS,
  ...DESK,
  ...APPOINTMENTS,
  ...CONVERSIONS,
  ...CRM,
  ...INTAKE,
  ...FORWARDING,
  ...STAFF,
  ...ROUTING,
  ...DASHBOARDS,
  ...TRANSFERS,
  ...WORKSPACE,
  ...WEBHOOKS,
]

const BY_TYPE = new Map(CATALOGUE.map(entry => [entry.type, entry]))

/** For people who write receivers: each with what its `data` looks like and an example of a whole body. */
export function listWebhookEvents(): readonly WebhookEvent[] {
  return CATALOGUE
}

/** Undefined for the name of an event of one's own. */
export function findWebhookEvent(type: string): WebhookEvent | undefined {
  return BY_TYPE.get(type)
}
