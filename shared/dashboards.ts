import Type, { type Static } from 'typebox'
import { Nullable, Time } from './shape.ts'

const settings = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  state: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    maxProperties: 60,
    description: 'what stands behind the ? of the address of the report, at most 32 KB: {"tab": "engagement", "days": 90}',
  }),
  is_shared: Type.Boolean({ description: 'with everybody in the workspace; otherwise only who made it sees it' }),
}

export const Dashboard = Type.Object({
  id: Type.Integer(),
  ...settings,
  created_by: Nullable(Type.Integer({ description: 'a user; null where a key made it, or where they are gone' })),
  is_mine: Type.Boolean({ description: 'made by who asks' }),
  may_change: Type.Boolean({ description: 'whether who asks may change and delete it' }),
  created_at: Time,
  updated_at: Time,
})
export type Dashboard = Static<typeof Dashboard>
export const Dashboards = Type.Object({ data: Type.Array(Dashboard) })

export const DashboardCreate = Type.Object(
  { name: settings.name, state: settings.state, is_shared: Type.Optional({ ...settings.is_shared, default: false }) },
  { additionalProperties: false },
)
export type DashboardCreate = Static<typeof DashboardCreate>

export const DashboardUpdate = Type.Object(
  { ...Type.Partial(Type.Object(settings)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type DashboardUpdate = Static<typeof DashboardUpdate>
