import Type, { type Static } from 'typebox'
import { LEAD_KINDS, type LeadKind, StageKey } from './leads.ts'
import { Time } from './shape.ts'

const Kind = Type.Unsafe<LeadKind>({ type: 'string', enum: [...LEAD_KINDS] })

export const Stage = Type.Object({
  key: Type.String({ description: 'what `status` of a lead says; stays when the name changes' }),
  name: Type.String(),
  kind: Kind,
  leads: Type.Integer({ description: 'how many are there; test leads do not count' }),
})
export type Stage = Static<typeof Stage>

export const Pipeline = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  is_default: Type.Boolean({ description: 'where leads go of which nobody says otherwise' }),
  stages: Type.Array(Stage, { description: 'in their order; new leads come into the first open one' }),
  created_at: Time,
  updated_at: Time,
})
export type Pipeline = Static<typeof Pipeline>

export const Pipelines = Type.Object({ data: Type.Array(Pipeline) })

const StageGiven = Type.Object(
  {
    key: Type.Optional({ ...StageKey, description: 'of a stage that is there; a new one gets one of its name without' }),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    kind: Type.Optional(Kind),
  },
  { additionalProperties: false },
)
export type StageGiven = Static<typeof StageGiven>

const Stages = Type.Array(StageGiven, {
  minItems: 1,
  maxItems: 50,
  description: 'all of them, in their order; at least one is open',
})
const Name = Type.String({ minLength: 1, maxLength: 100 })

/** Without stages it begins with those of a new workspace. */
export const PipelineCreate = Type.Object(
  { name: Name, stages: Type.Optional(Stages), is_default: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
export type PipelineCreate = Static<typeof PipelineCreate>

/** A stage that is not named any more is taken away; 409 `in_use` while leads stand in it. */
export const PipelineUpdate = Type.Object(
  {
    name: Type.Optional(Name),
    stages: Type.Optional(Stages),
    is_default: Type.Optional(Type.Boolean()),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type PipelineUpdate = Static<typeof PipelineUpdate>
