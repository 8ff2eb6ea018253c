import Type, { type Static } from 'typebox'
import { Nullable, oneOf, Time } from './shape.ts'

export const VIEW_SCREENS = ['contacts', 'leads', 'appointments'] as const
export type ViewScreen = (typeof VIEW_SCREENS)[number]

const settings = {
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  state: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    maxProperties: 60,
    description: 'what stands behind the ? of the address of the list, at most 32 KB: {"stage": "engaged", "sort": "name"}',
  }),
  is_shared: Type.Boolean({ description: 'with everybody in the workspace; otherwise only who made it sees it' }),
}
const is_default = Type.Boolean({ description: 'the list opens with it for who asks' })

export const View = Type.Object({
  id: Type.Integer(),
  screen: oneOf(VIEW_SCREENS),
  ...settings,
  is_default,
  created_by: Nullable(Type.Integer({ description: 'a user; null where a key made it, or where they are gone' })),
  may_change: Type.Boolean({ description: 'made by who asks, or who asks is an administrator' }),
  created_at: Time,
  updated_at: Time,
})
export type View = Static<typeof View>
export const Views = Type.Object({ data: Type.Array(View) })
export type Views = Static<typeof Views>

export const ViewsQuery = Type.Object({ screen: Type.Optional(oneOf(VIEW_SCREENS)) }, { additionalProperties: false })

export const ViewCreate = Type.Object(
  {
    screen: oneOf(VIEW_SCREENS),
    name: settings.name,
    state: settings.state,
    is_shared: Type.Optional(settings.is_shared),
    is_default: Type.Optional(is_default),
  },
  { additionalProperties: false },
)
export type ViewCreate = Static<typeof ViewCreate>

export const ViewUpdate = Type.Object(
  { ...Type.Partial(Type.Object({ ...settings, is_default })).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type ViewUpdate = Static<typeof ViewUpdate>
