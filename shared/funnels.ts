import Type, { type Static } from 'typebox'
import { Nullable, oneOf, Time } from './shape.ts'

export const FUNNEL_GOALS = ['purchase', 'call'] as const
export const PAGE_KINDS = ['registration', 'watch', 'enrollment'] as const
export type PageKind = (typeof PAGE_KINDS)[number]

/** What a visit of a page of each kind is. */
export const PAGE_EVENTS = {
  registration: 'registration_page_viewed',
  watch: 'watch_page_viewed',
  enrollment: 'enrollment_viewed',
} as const satisfies Record<PageKind, string>

const Name = Type.String({ minLength: 1, maxLength: 200 })
/** As events carry it. */
const Id = Type.String({ minLength: 1, maxLength: 200, pattern: '^\\S+$' })

const page = {
  kind: oneOf(PAGE_KINDS),
  name: Name,
  page_id: Id,
  url: Nullable(
    Type.String({ maxLength: 2000, description: 'host and path: example.com/watch; * stands for anything; without a query' }),
  ),
}
export const FunnelPage = Type.Object({
  id: Type.Integer(),
  funnel_id: Type.String(),
  ...page,
  created_at: Time,
  updated_at: Time,
})
export type FunnelPage = Static<typeof FunnelPage>
export const FunnelPageCreate = Type.Object(
  { funnel_id: Id, kind: page.kind, name: Type.Optional(Name), page_id: Type.Optional(Id), url: Type.Optional(page.url) },
  { additionalProperties: false },
)
export type FunnelPageCreate = Static<typeof FunnelPageCreate>
export const FunnelPageUpdate = Type.Object(
  { ...Type.Partial(Type.Object(page)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type FunnelPageUpdate = Static<typeof FunnelPageUpdate>

const video = {
  video_id: Id,
  title: Name,
  duration_seconds: Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
}
export const FunnelVideo = Type.Object({
  id: Type.Integer(),
  funnel_id: Type.String(),
  ...video,
  created_at: Time,
  updated_at: Time,
})
export type FunnelVideo = Static<typeof FunnelVideo>
export const FunnelVideoCreate = Type.Object(
  { funnel_id: Id, video_id: Id, title: Type.Optional(Name), duration_seconds: Type.Optional(video.duration_seconds) },
  { additionalProperties: false },
)
export type FunnelVideoCreate = Static<typeof FunnelVideoCreate>
export const FunnelVideoUpdate = Type.Object(
  { ...Type.Partial(Type.Object(video)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type FunnelVideoUpdate = Static<typeof FunnelVideoUpdate>

const settings = {
  name: Name,
  goal: oneOf(FUNNEL_GOALS, 'what a conversion is here: a purchase, or a call that was booked'),
  currency: Nullable(Type.String({ pattern: '^[A-Z]{3}$', description: "ISO 4217; the workspace's without" })),
  confirm_email: Type.Boolean({ description: 'who registers is sent a link; following it is registration_confirmed' }),
}
export const Funnel = Type.Object({
  id: Type.Integer(),
  funnel_id: Type.String({ description: 'what events say' }),
  ...settings,
  pages: Type.Array(FunnelPage),
  videos: Type.Array(FunnelVideo),
  created_at: Time,
  updated_at: Time,
})
export type Funnel = Static<typeof Funnel>
export const Funnels = Type.Object({ data: Type.Array(Funnel) })
export const FunnelCreate = Type.Object(
  {
    name: Name,
    funnel_id: Type.Optional({ ...Id, description: 'made of the name without' }),
    goal: Type.Optional(settings.goal),
    currency: Type.Optional(settings.currency),
    confirm_email: Type.Optional(settings.confirm_email),
  },
  { additionalProperties: false },
)
export type FunnelCreate = Static<typeof FunnelCreate>
export const FunnelUpdate = Type.Object(
  { ...Type.Partial(Type.Object(settings)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type FunnelUpdate = Static<typeof FunnelUpdate>
