import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import type { WebhookEvent } from '../../../shared/webhooks.ts'
import { activity, SARAH } from './entry.ts'

const TEXT = Nullable(Type.String())
const ANY = Type.Record(Type.String(), Type.Unknown())
const RULE = { subject: 'the rule' }
const rule = {
  name: 'Solar in Texas',
  position: 1,
  active: true,
  matches: { products: ['solar'], states: ['TX'] },
  endpoint_ids: [3],
  stop: false,
}

/** Sent to the endpoints of a rule and to nobody else, whatever they subscribe to. */
const LEAD: WebhookEvent = {
  type: 'forwarding.lead',
  group: 'forwarding',
  title: 'Lead sent on',
  description: 'A rule, or a person, sends a lead to this partner. It goes only to the endpoints that the rule names.',
  schema: JSON.parse(
    JSON.stringify(
      Type.Object(
        {
          lead_id: Type.Integer(),
          created_at: Type.String(),
          lead_type: Type.String(),
          product: TEXT,
          first_name: TEXT,
          last_name: TEXT,
          email: TEXT,
          phone: TEXT,
          city: TEXT,
          state: TEXT,
          zip_code: TEXT,
          country: TEXT,
          fields: Type.Record(Type.String(), Type.Unknown(), { description: 'of its type, and what no other has' }),
          source: TEXT,
          campaign: TEXT,
          consent: Nullable(Type.Boolean()),
          tcpa_text: TEXT,
          trustedform_cert_url: TEXT,
          jornaya_lead_id: TEXT,
          rule: Nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
        },
        { additionalProperties: true },
      ),
    ),
  ),
  example: {
    event: 'forwarding.lead',
    contact: { ...SARAH, stage: 'lead', segment: null, watch_percentage: 0, properties: {} },
    data: {
      lead_id: 4_711_000_815,
      created_at: '2026-01-31T09:29:58.120Z',
      lead_type: 'solar',
      product: 'solar',
      first_name: 'Sarah',
      last_name: 'Johnson',
      email: 'sarah@example.com',
      phone: '+12025550102',
      city: 'Austin',
      state: 'TX',
      zip_code: '78701',
      country: 'US',
      fields: { homeowner: true, average_bill: 180 },
      source: 'google',
      campaign: 'spring',
      consent: true,
      tcpa_text: 'I agree to be called.',
      trustedform_cert_url: 'https://cert.trustedform.com/2605ec3a321e1b3a41addf0bba1213505ef57985',
      jornaya_lead_id: null,
      rule: { id: 2, name: 'Solar in Texas' },
    },
    timestamp: '2026-01-31T09:29:58.120Z',
  },
}

export const FORWARDING: readonly WebhookEvent[] = [
  LEAD,
  activity(
    'forwarding.switched',
    { title: 'Forwarding switched', description: 'Somebody switched the forwarding of leads on or off.' },
    { before: ANY, after: ANY, example: { contact: null, before: { active: true }, after: { active: false } } },
  ),
  activity(
    'forwarding_rule.created',
    { title: 'Forwarding rule made', description: 'Leads that match it are sent on from now on.' },
    { ...RULE, after: ANY, example: { contact: null, subject_id: '2', after: rule } },
  ),
  activity(
    'forwarding_rule.updated',
    { title: 'Forwarding rule changed', description: 'A rule sends other leads on, or to others.' },
    {
      ...RULE,
      before: ANY,
      after: ANY,
      example: { contact: null, subject_id: '2', before: { stop: false }, after: { stop: true } },
    },
  ),
  activity(
    'forwarding_rule.deleted',
    { title: 'Forwarding rule deleted', description: 'It sends nothing on any more; what it sent stays in the log.' },
    { ...RULE, before: ANY, example: { contact: null, subject_id: '2', before: rule } },
  ),
  activity(
    'lead.forwarded',
    { title: 'Lead sent on', description: 'A lead went to partners, by a rule or by hand.' },
    {
      subject: 'the lead',
      after: Type.Object({
        endpoint_ids: Type.Array(Type.Integer()),
        rule_id: Nullable(Type.Integer({ description: 'null: by hand' })),
      }),
      example: {
        actor: { kind: 'rule', id: 2, name: 'Solar in Texas' },
        subject_id: '4711000815',
        after: { endpoint_ids: [3], rule_id: 2 },
      },
    },
  ),
]
