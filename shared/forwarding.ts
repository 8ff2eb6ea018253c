import Type, { type Static } from 'typebox'
import { LeadMatches } from './assignment.ts'
import { Nullable, Time } from './shape.ts'

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

/** What became of a rule's leads in the last 30 days, of the newest 10,000. */
export const ForwardingFigures = Type.Object({
  leads: Type.Integer(),
  delivered: Type.Integer(),
  waiting: Type.Integer(),
  failed: Type.Integer(),
  last_at: Nullable(Time),
})

export const ForwardingRule = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  position: Type.Integer({ description: '1 is looked at first' }),
  active: Type.Boolean(),
  matches: LeadMatches,
  endpoint_ids: Type.Array(Type.Integer()),
  stop: Type.Boolean({ description: 'a lead that matches is shown to no later rule' }),
  figures: ForwardingFigures,
  created_at: Time,
  updated_at: Time,
})
export type ForwardingRule = Static<typeof ForwardingRule>

/** The master switch, and every rule with what became of its leads. */
export const Forwarding = Type.Object({ active: Type.Boolean(), rules: Type.Array(ForwardingRule) })
export type Forwarding = Static<typeof Forwarding>
export const ForwardingSwitch = Type.Object({ active: Type.Boolean() }, { additionalProperties: false })

const settings = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  endpoint_ids: Type.Array(SmallId, {
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    description: 'endpoints of the partners; they need not subscribe to anything else than forwarding.lead',
  }),
  active: Type.Optional(Type.Boolean()),
  matches: Type.Optional(LeadMatches),
  stop: Type.Optional(Type.Boolean()),
  position: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'last when absent' })),
}

export const ForwardingRuleCreate = Type.Object(settings, { additionalProperties: false })
export type ForwardingRuleCreate = Static<typeof ForwardingRuleCreate>
export const ForwardingRuleUpdate = Type.Object(
  {
    ...settings,
    name: Type.Optional(settings.name),
    endpoint_ids: Type.Optional(settings.endpoint_ids),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type ForwardingRuleUpdate = Static<typeof ForwardingRuleUpdate>

/** A lead that was sent on: where to, by which rule, and what became of it. */
export const LeadForward = Type.Object({
  id: Type.Integer(),
  rule_id: Nullable(Type.Integer({ description: 'null: a person sent it' })),
  rule: Nullable(Type.String()),
  endpoint_id: Type.Integer(),
  endpoint: Type.String(),
  message_id: Type.String(),
  delivery_id: Nullable(Type.Integer({ description: 'null once the log has forgotten it' })),
  state: Nullable(Type.String({ description: 'of the delivery' })),
  at: Time,
})
export type LeadForward = Static<typeof LeadForward>
export const LeadForwards = Type.Object({ data: Type.Array(LeadForward) })
export const LeadForwardCreate = Type.Object({ endpoint_id: SmallId }, { additionalProperties: false })
