import Type, { type Static } from 'typebox'
import { progress } from './runs.ts'
import { Actor, ListQuery, Nullable, oneOf, Time } from './shape.ts'

export const CRM_PROVIDERS = ['salesforce', 'nationbuilder', 'hubspot', 'activecampaign', 'log', 'none'] as const
export const CRM_ADDS = ['signed_up', 'everybody', 'nobody'] as const
export const SPAM_POLICIES = ['review', 'delete'] as const
export const CRM_ERROR_KINDS = [
  ...['auth', 'rate_limited', 'timeout', 'network', 'not_found', 'duplicate', 'validation', 'server', 'unexpected'],
] as const

/** Of somebody who signed up (seed 003, "New Users who sign up for the App"). */
export const SIGN_UP_STATES = [
  'UserCreated',
  'RequestAddToSalesforce',
  'WroteSalesforceAppUserUid',
  'WroteSalesforceErrorToDb',
  'LoggedDbFailure',
] as const
/** Of a member with an old id (seed 003, "App Users that have a Nationbuilder ID"). */
export const MEMBER_STATES = [
  'NotChecked',
  'ScriptFailureLogged',
  'RequestedContact',
  'OkResponse',
  'NotFound',
  'UnexpectedResponse',
  'WroteSalesforceAppUserUid',
  'WroteNotFound',
  'WroteUnexpectedResponse',
  'DbWriteOkErrorLogged',
  'DbWriteNotFoundErrorLogged',
  'DbWriteUnexpectedResFailure',
] as const
/** Those that a person has to look at before old ids may go. */
export const FAILURE_STATES = [
  'ScriptFailureLogged',
  'WroteNotFound',
  'WroteUnexpectedResponse',
  'DbWriteOkErrorLogged',
  'DbWriteNotFoundErrorLogged',
  'DbWriteUnexpectedResFailure',
] as const satisfies readonly (typeof MEMBER_STATES)[number][]
export const RUN_KINDS = ['validate', 'sustainers', 'load_log'] as const
export const RUN_STATES = ['running', 'stopped', 'done', 'failed', 'refused'] as const

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const Given = Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 20_000 }), {
  description: 'by the names of the fields of its provider; secrets are sealed and never shown again',
})

export const CrmField = Type.Object({
  name: Type.String(),
  label: Type.String(),
  help: Nullable(Type.String()),
  is_secret: Type.Boolean(),
  required: Type.Boolean(),
  choices: Nullable(Type.Array(Type.Object({ value: Type.String(), label: Type.String() }))),
  otherwise: Nullable(Type.String({ description: 'what is meant when it is empty' })),
  type: oneOf(['url', 'number', 'text', 'textarea']),
})
export const CrmProvider = Type.Object({
  name: oneOf(CRM_PROVIDERS),
  title: Type.String(),
  instructions: Type.String({ description: 'Markdown' }),
  fields: Type.Array(CrmField),
  is_default: Type.Boolean({ description: 'CRM_TYPE of this installation' }),
})
export type CrmProvider = Static<typeof CrmProvider>
export const CrmProviders = Type.Object({ data: Type.Array(CrmProvider) })

const settings = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  active: Type.Boolean({ description: 'false: what would be told waits' }),
  adds: oneOf(CRM_ADDS, 'who is added: who signed up (members and registrations), everybody with an e-mail, or nobody new'),
  spam_policy: oneOf(SPAM_POLICIES),
  syncs_sustainers: Type.Boolean({ description: 'every week' }),
}

export const CrmConnection = Type.Object({
  id: Type.Integer(),
  provider: oneOf(CRM_PROVIDERS),
  ...settings,
  settings: Type.Record(Type.String(), Type.String()),
  secrets: Type.Array(Type.String(), { description: 'names of those that are set' }),
  is_complete: Type.Boolean({ description: 'everything is set that it needs' }),
  links: Type.Integer({ description: 'contacts with an id there' }),
  waiting: Type.Integer({ description: 'contacts and e-mails that it has to be told of' }),
  failed: Type.Integer({ description: 'sign-ups that it did not take' }),
  wait_until: Nullable(Time),
  last_ok_at: Nullable(Time),
  last_error: Nullable(Type.String()),
  last_error_at: Nullable(Time),
  created_at: Time,
  updated_at: Time,
})
export type CrmConnection = Static<typeof CrmConnection>
export const CrmConnections = Type.Object({
  data: Type.Array(CrmConnection),
  default_provider: oneOf(CRM_PROVIDERS, 'CRM_TYPE of this installation: used while a workspace has no connection'),
})
export type CrmConnections = Static<typeof CrmConnections>
export const CrmConnectionCreate = Type.Object(
  {
    ...Type.Partial(Type.Object(settings)).properties,
    provider: oneOf(CRM_PROVIDERS),
    settings: Type.Optional(Given),
  },
  { additionalProperties: false },
)
export type CrmConnectionCreate = Static<typeof CrmConnectionCreate>
export const CrmConnectionUpdate = Type.Object(
  {
    ...Type.Partial(Type.Object(settings)).properties,
    settings: Type.Optional(Given),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type CrmConnectionUpdate = Static<typeof CrmConnectionUpdate>
/** Signs in and asks for the lists: what a person wants to see before anything is written. */
export const CrmTested = Type.Object({
  ok: Type.Boolean(),
  account: Nullable(Type.String()),
  lists: Nullable(Type.Array(Type.String())),
  kind: Nullable(oneOf(CRM_ERROR_KINDS)),
  message: Nullable(Type.String()),
  ms: Type.Integer(),
})
export type CrmTested = Static<typeof CrmTested>

export const CrmLink = Type.Object({
  connection_id: Type.Integer(),
  connection: Type.String({ description: 'its name' }),
  provider: oneOf(CRM_PROVIDERS),
  contact_id: Type.Integer(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  external_id: Nullable(Type.String({ description: "of the CRM's app user" })),
  state: oneOf(SIGN_UP_STATES),
  due: Type.Boolean({ description: 'the CRM may not know yet what is true here' }),
  error: Nullable(Type.String()),
  verified_at: Nullable(Time),
  created_at: Time,
  updated_at: Time,
})
export type CrmLink = Static<typeof CrmLink>
export const CrmLinksQuery = Type.Object(
  {
    ...ListQuery,
    connection_id: Type.Optional(SmallId),
    state: Type.Optional(oneOf(SIGN_UP_STATES)),
    due: Type.Optional(Type.Boolean()),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'an e-mail, an id of ours or of the CRM, exactly' })),
  },
  { additionalProperties: false },
)
export type CrmLinksQuery = Static<typeof CrmLinksQuery>
/** An id that another system brought: a member's old one, before the migration run. */
export const CrmLinkPut = Type.Object(
  {
    contact_id: Type.Optional(SmallId),
    email: Type.Optional(Type.String({ maxLength: 320 })),
    user_id: Type.Optional(Type.String({ maxLength: 500 })),
    external_id: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false, description: 'who, by one of contact_id, email or user_id' },
)
export type CrmLinkPut = Static<typeof CrmLinkPut>
export const CrmLinksPut = Type.Object(
  { links: Type.Array(CrmLinkPut, { minItems: 1, maxItems: 1000 }) },
  { additionalProperties: false },
)
export const CrmLinksStored = Type.Object({
  stored: Type.Integer(),
  refused: Type.Array(Type.Object({ index: Type.Integer(), message: Type.String() })),
})
export const CrmAgain = Type.Object({ asked: Type.Integer({ description: 'links that are told again' }) })

export const CrmMark = Type.Object({
  mark: oneOf(['spam', 'review']),
  note: Nullable(Type.String()),
  actor: Actor,
  at: Time,
})
export const CrmMarkPut = Type.Object(
  { mark: oneOf(['spam', 'review']), note: Type.Optional(Nullable(Type.String({ maxLength: 1000 }))) },
  { additionalProperties: false },
)
/** What CRMs know of one contact. */
export const ContactCrm = Type.Object({
  links: Type.Array(CrmLink),
  mark: Nullable(CrmMark),
  lists: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String(), joined_at: Time, left_at: Nullable(Time) })),
  sustains: Type.Array(
    Type.Object({ connection_id: Type.Integer(), connection: Type.String(), since: Time, ended_at: Nullable(Time) }),
  ),
})
export type ContactCrm = Static<typeof ContactCrm>

export const CrmLogEntry = Type.Object({
  id: Type.Integer(),
  at: Time,
  connection_id: Nullable(Type.Integer()),
  connection: Nullable(Type.String({ description: 'its name, while it exists' })),
  provider: oneOf(CRM_PROVIDERS),
  contact_id: Nullable(Type.Integer()),
  email: Nullable(Type.String()),
  run_id: Nullable(Type.Integer()),
  operation: Type.String(),
  code: Type.String({ description: 'NewUserSalesforceWriteError-<time>' }),
  kind: oneOf(CRM_ERROR_KINDS),
  http_status: Nullable(Type.Integer()),
  message: Type.String(),
  request_id: Nullable(Type.String()),
})
export type CrmLogEntry = Static<typeof CrmLogEntry>
export const CrmLogQuery = Type.Object(
  {
    ...ListQuery,
    connection_id: Type.Optional(SmallId),
    contact_id: Type.Optional(SmallId),
    run_id: Type.Optional(SmallId),
    kind: Type.Optional(oneOf(CRM_ERROR_KINDS)),
    operation: Type.Optional(Type.String({ maxLength: 50 })),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'in the code or the message' })),
  },
  { additionalProperties: false },
)
export type CrmLogQuery = Static<typeof CrmLogQuery>

export const CrmRun = Type.Object({
  id: Type.Integer(),
  kind: oneOf(RUN_KINDS),
  connection_id: Type.Integer(),
  connection: Type.String(),
  from_connection_id: Nullable(Type.Integer()),
  from_connection: Nullable(Type.String()),
  state: oneOf(RUN_STATES),
  ...progress,
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'by state of the diagram, or what was found and changed' }),
})
export type CrmRun = Static<typeof CrmRun>
export const CrmRunsQuery = Type.Object(
  {
    ...ListQuery,
    kind: Type.Optional(oneOf(RUN_KINDS)),
    connection_id: Type.Optional(SmallId),
    state: Type.Optional(oneOf(RUN_STATES)),
    unseen: Type.Optional(Type.Boolean({ description: 'only yours that ended and that you have not looked at' })),
  },
  { additionalProperties: false },
)
export type CrmRunsQuery = Static<typeof CrmRunsQuery>
export const CrmRunCreate = Type.Object(
  {
    kind: oneOf(['validate', 'sustainers']),
    connection_id: SmallId,
    from_connection_id: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'of validate: whose ids the members have' }),
    ),
    force: Type.Optional(Type.Boolean({ description: 'of sustainers: end those who are missing although the read looks wrong' })),
  },
  { additionalProperties: false },
)
export type CrmRunCreate = Static<typeof CrmRunCreate>
export const CrmRunMember = Type.Object({
  contact_id: Type.Integer(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  old_id: Type.String(),
  state: oneOf(MEMBER_STATES),
  external_id: Nullable(Type.String()),
  message: Nullable(Type.String()),
  checked_at: Nullable(Time),
})
export type CrmRunMember = Static<typeof CrmRunMember>
export const CrmRunMembersQuery = Type.Object(
  { ...ListQuery, state: Type.Optional(oneOf(MEMBER_STATES)) },
  { additionalProperties: false },
)
export type CrmRunMembersQuery = Static<typeof CrmRunMembersQuery>
export const CrmFinalized = Type.Object({ dropped: Type.Integer({ description: 'old ids' }) })

export const CrmSustainer = Type.Object({
  contact_id: Type.Integer(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  connection_id: Type.Integer(),
  since: Time,
  ended_at: Nullable(Time),
})
export type CrmSustainer = Static<typeof CrmSustainer>
export const CrmSustainersQuery = Type.Object(
  {
    ...ListQuery,
    connection_id: Type.Optional(SmallId),
    ended: Type.Optional(Type.Boolean({ description: 'those who did, instead of those who do' })),
  },
  { additionalProperties: false },
)
export type CrmSustainersQuery = Static<typeof CrmSustainersQuery>

const list = {
  name: Type.String({ minLength: 1, maxLength: 200, description: 'as the CRM calls it' }),
  on_sign_up: Type.Boolean({ description: 'who signs up joins, if the rest fits' }),
  languages: Nullable(Type.Array(Type.String({ minLength: 2, maxLength: 10 }), { minItems: 1, maxItems: 20 })),
  property: Nullable(Type.String({ minLength: 1, maxLength: 100, description: 'joins only who told this at sign-up' })),
  value: Nullable(Type.String({ maxLength: 200, description: 'with this value; null: with any but false' })),
}
export const MailingList = Type.Object({
  id: Type.Integer(),
  ...list,
  members: Type.Integer({ description: 'on it now' }),
  created_at: Time,
  updated_at: Time,
})
export type MailingList = Static<typeof MailingList>
export const MailingLists = Type.Object({ data: Type.Array(MailingList) })
export const MailingListCreate = Type.Object(
  { ...Type.Partial(Type.Object(list)).properties, name: list.name },
  { additionalProperties: false },
)
export type MailingListCreate = Static<typeof MailingListCreate>
export const MailingListUpdate = Type.Object(
  { ...Type.Partial(Type.Object(list)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type MailingListUpdate = Static<typeof MailingListUpdate>
export const MailingListMember = Type.Object({
  email: Type.String(),
  contact_id: Nullable(Type.Integer()),
  first_name: Nullable(Type.String()),
  last_name: Nullable(Type.String()),
  source: Type.String({ description: 'sign_up, event, api or person' }),
  joined_at: Time,
  left_at: Nullable(Time),
})
export type MailingListMember = Static<typeof MailingListMember>
export const MailingListMembersQuery = Type.Object(
  { ...ListQuery, left: Type.Optional(Type.Boolean({ description: 'those who left, instead of those who are on it' })) },
  { additionalProperties: false },
)
export type MailingListMembersQuery = Static<typeof MailingListMembersQuery>
export const MailingListJoin = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 320, description: 'all that it takes' }),
    first_name: Type.Optional(Type.String({ maxLength: 200 })),
    last_name: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type MailingListJoin = Static<typeof MailingListJoin>
