import Type, { type Static } from 'typebox'
import { Nullable, Time } from './shape.ts'

export const POOL_STRATEGIES = ['owner_first', 'weighted', 'least_recent', 'least_loaded'] as const
export type PoolStrategy = (typeof POOL_STRATEGIES)[number]
const Strategy = Type.Unsafe<PoolStrategy>({
  type: 'string',
  enum: [...POOL_STRATEGIES],
  description:
    'owner_first: who owns the contact, else by weight; weighted: in turn, as often as the weights say; least_recent: who waits longest; ' +
    'least_loaded: who has the fewest open appointments',
})

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const Cap = Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000 })))

export const PoolMember = Type.Object({
  user_id: Type.Integer(),
  weight: Type.Integer({ description: '1 to 100: twice the weight, twice the appointments' }),
  priority: Type.Integer({ description: '1 to 5: who has 1 is asked first, the others only when nobody of them can' }),
  cap_day: Nullable(Type.Integer({ description: "at most so many a day of the workspace's zone" })),
  cap_week: Nullable(Type.Integer()),
  cap_open: Nullable(Type.Integer({ description: 'at most so many open at a time' })),
  assigned: Type.Integer({ description: 'so far' }),
  assigned_day: Type.Integer({ description: 'today' }),
  assigned_week: Type.Integer({ description: 'this week, from Monday' }),
  last_at: Nullable(Time),
})
export type PoolMember = Static<typeof PoolMember>

export const Pool = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  strategy: Strategy,
  members: Type.Array(PoolMember),
  created_at: Time,
  updated_at: Time,
})
export type Pool = Static<typeof Pool>
export const Pools = Type.Object({ data: Type.Array(Pool) })

const Members = Type.Array(
  Type.Object(
    {
      user_id: SmallId,
      weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: '1 without' })),
      priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: '3 without' })),
      cap_day: Cap,
      cap_week: Cap,
      cap_open: Cap,
    },
    { additionalProperties: false },
  ),
  { maxItems: 500, description: 'given as a whole; who stays keeps the counts' },
)
export const PoolCreate = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 200 }), strategy: Strategy, members: Members },
  { additionalProperties: false },
)
export type PoolCreate = Static<typeof PoolCreate>
export const PoolUpdate = Type.Object(
  { ...Type.Partial(PoolCreate).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type PoolUpdate = Static<typeof PoolUpdate>
