import { QueryCache, type QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { SIGN_ON_REFUSALS } from '../../shared/account.ts'
import { CONTACT_SORTS } from '../../shared/contacts.ts'
import { CRM_ERROR_KINDS, CRM_PROVIDERS, MEMBER_STATES, SIGN_UP_STATES } from '../../shared/crm.ts'
import { CUSTOM_SORT, type CustomSort } from '../../shared/custom-fields.ts'
import { TRANSFER_KINDS, TRANSFER_STATES } from '../../shared/transfers.ts'
import { Queries } from '../api/queries.ts'
import { ApiError } from '../api/request.ts'
import { session } from '../api/session.ts'
import { asked, day, flag, jsonText, oneOf, text, time, whoever, whole, wholeOrZero, zone } from './address.ts'
import { Crash } from './Crash.tsx'
import { enter } from './enter.ts'
import { firstScreen } from './firstScreen.ts'
import { of_funnel_report } from './funnelReport.ts'
import { NotFound } from './NotFound.tsx'
import { NoWorkspace } from './NoWorkspace.tsx'
import { Shell } from './Shell.tsx'

export const queries = new Queries({
  queryCache: new QueryCache({ onError: error => void Promise.all([signInAgain(error), setUpSecondStep(error)]) }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      retryDelay: 800,
    },
  },
})

// Long because it is the visible list of every address, with what each may say after its question mark.
const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: ({ context }) => firstScreen(context.queries),
  component: NoWorkspace,
})

const sign_in = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: asked({ next: text, refused: oneOf(...SIGN_ON_REFUSALS) }),
  component: lazyRouteComponent(() => import('../screens/sign-in/SignInScreen.tsx'), 'SignInScreen'),
})

const forgot_password = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('../screens/sign-in/ForgotScreen.tsx'), 'ForgotScreen'),
})

const new_password = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  validateSearch: asked({ token: text }),
  component: lazyRouteComponent(() => import('../screens/sign-in/NewPasswordScreen.tsx'), 'NewPasswordScreen'),
})

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch: asked({ token: text }),
  component: lazyRouteComponent(() => import('../screens/sign-in/WelcomeScreen.tsx'), 'WelcomeScreen'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  validateSearch: asked({ token: text }),
  component: lazyRouteComponent(() => import('../screens/people/InvitationScreen.tsx'), 'InvitationScreen'),
})

const book = createRoute({
  getParentRoute: () => root,
  path: '/book/$address',
  component: lazyRouteComponent(() => import('../screens/booking/BookingScreen.tsx'), 'BookingScreen'),
})

const booking = createRoute({
  getParentRoute: () => root,
  path: '/booking/$token',
  component: lazyRouteComponent(() => import('../screens/booking/ManageScreen.tsx'), 'ManageScreen'),
})

const workspace = createRoute({
  getParentRoute: () => root,
  path: '/w/$workspaceId',
  beforeLoad: ({ context, params, location }) => enter(context.queries, Number(params.workspaceId), location.href),
  component: Shell,
})

const workspace_home = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/contacts', params })
  },
})

/** One of these, or a field of the workspace's own. */
const sortOf =
  <T extends string>(...sorts: readonly T[]) =>
  (value: unknown) =>
    sorts.find(sort => sort === value) ?? (new RegExp(CUSTOM_SORT).test(String(value)) ? (value as CustomSort) : undefined)
const contact_sort = sortOf(...CONTACT_SORTS)

const contacts = createRoute({
  getParentRoute: () => workspace,
  path: '/contacts',
  validateSearch: asked({
    q: text,
    sort: contact_sort,
    stage: oneOf('lead', 'engaged', 'offer_viewed', 'converted'),
    segment: oneOf('no_show', 'skimmer', 'sampler', 'engaged', 'hot'),
    tag: text,
    is_member: flag,
    country_code: text,
    owner_id: whoever,
    rule: jsonText,
    archived: flag,
    columns: text,
    saved: whole,
  }),
  component: lazyRouteComponent(() => import('../screens/contacts/ContactsScreen.tsx'), 'ContactsScreen'),
})

const contact = createRoute({
  getParentRoute: () => workspace,
  path: '/contacts/$contactId',
  validateSearch: asked({
    tab: oneOf('about', 'notes', 'leads', 'appointments', 'conversions', 'identity', 'properties', 'crm'),
    kind: oneOf('event', 'activity'),
    name: text,
  }),
  component: lazyRouteComponent(() => import('../screens/contacts/ContactScreen.tsx'), 'ContactScreen'),
})

const imports = createRoute({
  getParentRoute: () => workspace,
  path: '/imports',
  validateSearch: asked({ of: oneOf('contacts', 'leads') }),
  component: lazyRouteComponent(() => import('../screens/transfers/import/ImportsScreen.tsx'), 'ImportsScreen'),
})

const one_import = createRoute({
  getParentRoute: () => workspace,
  path: '/imports/$importId',
  validateSearch: asked({ of: oneOf('contacts', 'leads') }),
  component: lazyRouteComponent(() => import('../screens/transfers/import/ImportScreen.tsx'), 'ImportScreen'),
})

const segments = createRoute({
  getParentRoute: () => workspace,
  path: '/segments',
  component: lazyRouteComponent(() => import('../screens/segments/SegmentsScreen.tsx'), 'SegmentsScreen'),
})

const new_segment = createRoute({
  getParentRoute: () => workspace,
  path: '/segments/new',
  component: lazyRouteComponent(() => import('../screens/segments/NewSegmentScreen.tsx'), 'NewSegmentScreen'),
})

const segment = createRoute({
  getParentRoute: () => workspace,
  path: '/segments/$segmentId',
  validateSearch: asked({ tab: oneOf('rule'), sort: contact_sort }),
  component: lazyRouteComponent(() => import('../screens/segments/SegmentScreen.tsx'), 'SegmentScreen'),
})

const visitors = createRoute({
  getParentRoute: () => workspace,
  path: '/visitors',
  validateSearch: asked({
    q: text,
    anonymous: flag,
    country_code: text,
  }),
  component: lazyRouteComponent(() => import('../screens/visitors/VisitorsScreen.tsx'), 'VisitorsScreen'),
})

const visitor = createRoute({
  getParentRoute: () => workspace,
  path: '/visitors/$visitorId',
  component: lazyRouteComponent(() => import('../screens/visitors/VisitorScreen.tsx'), 'VisitorScreen'),
})

const live = createRoute({
  getParentRoute: () => workspace,
  path: '/live',
  validateSearch: asked({
    tab: oneOf('refusals'),
    event: text,
    q: text,
  }),
  component: lazyRouteComponent(() => import('../screens/live/LiveScreen.tsx'), 'LiveScreen'),
})

const review = createRoute({
  getParentRoute: () => workspace,
  path: '/review',
  component: lazyRouteComponent(() => import('../screens/review/ReviewScreen.tsx'), 'ReviewScreen'),
})

const activities = createRoute({
  getParentRoute: () => workspace,
  path: '/activities',
  validateSearch: asked({
    tab: oneOf('mails'),
    q: text,
    action: text,
    actor_kind: text,
    actor_id: whole,
    since: time,
    until: time,
  }),
  component: lazyRouteComponent(() => import('../screens/activities/ActivitiesScreen.tsx'), 'ActivitiesScreen'),
})

const transfers = createRoute({
  getParentRoute: () => workspace,
  path: '/transfers',
  validateSearch: asked({ kind: oneOf(...TRANSFER_KINDS), state: oneOf(...TRANSFER_STATES) }),
  component: lazyRouteComponent(() => import('../screens/transfers/TransfersScreen.tsx'), 'TransfersScreen'),
})

const transfer = createRoute({
  getParentRoute: () => workspace,
  path: '/transfers/$transferId',
  component: lazyRouteComponent(() => import('../screens/transfers/TransferScreen.tsx'), 'TransferScreen'),
})

const leads = createRoute({
  getParentRoute: () => workspace,
  path: '/leads',
  validateSearch: asked({
    q: text,
    sort: sortOf('-created_at', '-updated_at', 'follow_up_at', 'priority', '-score'),
    pipeline_id: whole,
    status: text,
    kind: oneOf('open', 'won', 'lost'),
    lead_type: text,
    source: text,
    campaign: text,
    product: text,
    state: text,
    provider_id: text,
    webhook_id: whole,
    assigned_to: whoever,
    priority: whole,
    follow_up: oneOf('due'),
    is_test: flag,
    since: time,
    until: time,
    saved: whole,
  }),
  component: lazyRouteComponent(() => import('../screens/leads/inbox/InboxScreen.tsx'), 'InboxScreen'),
})

const lead = createRoute({
  getParentRoute: () => workspace,
  path: '/leads/$leadId',
  validateSearch: asked({ tab: oneOf('about', 'notes', 'history', 'payload') }),
  component: lazyRouteComponent(() => import('../screens/leads/lead/LeadScreen.tsx'), 'LeadScreen'),
})

const board = createRoute({
  getParentRoute: () => workspace,
  path: '/board',
  validateSearch: asked({ pipeline_id: whole, assigned_to: whoever, column: text }),
  component: lazyRouteComponent(() => import('../screens/leads/board/BoardScreen.tsx'), 'BoardScreen'),
})

const tasks = createRoute({
  getParentRoute: () => workspace,
  path: '/tasks',
  validateSearch: asked({
    state: oneOf('open', 'done'),
    kind: oneOf('call', 'email', 'meeting', 'note', 'todo'),
    whose: value => oneOf('all')(value) ?? text(wholeOrZero(value)),
  }),
  component: lazyRouteComponent(() => import('../screens/tasks/TasksScreen.tsx'), 'TasksScreen'),
})

const appointments = createRoute({
  getParentRoute: () => workspace,
  path: '/appointments',
  validateSearch: asked({
    tab: oneOf('next', 'unassigned', 'waiting', 'all'),
    view: oneOf('day', 'week', 'month', 'agenda'),
    date: day,
    q: text,
    assigned_to: whoever,
    type: text,
    status: oneOf('pending', 'scheduled', 'confirmed', 'rescheduled', 'completed', 'cancelled', 'no_show'),
    saved: whole,
  }),
  component: lazyRouteComponent(() => import('../screens/appointments/AppointmentsScreen.tsx'), 'AppointmentsScreen'),
})

const appointment = createRoute({
  getParentRoute: () => workspace,
  path: '/appointments/$appointmentId',
  component: lazyRouteComponent(() => import('../screens/appointments/appointment/AppointmentScreen.tsx'), 'AppointmentScreen'),
})

const appointment_settings = createRoute({
  getParentRoute: () => workspace,
  path: '/appointment-settings',
  validateSearch: asked({ tab: oneOf('hours', 'types', 'pools', 'routing') }),
  component: lazyRouteComponent(
    () => import('../screens/appointments/settings/AppointmentSettingsScreen.tsx'),
    'AppointmentSettingsScreen',
  ),
})

const custom_fields = createRoute({
  getParentRoute: () => workspace,
  path: '/custom-fields',
  validateSearch: asked({ noun: oneOf('contact', 'lead') }),
  component: lazyRouteComponent(() => import('../screens/fields/FieldsScreen.tsx'), 'FieldsScreen'),
})

const lead_settings = createRoute({
  getParentRoute: () => workspace,
  path: '/lead-settings',
  validateSearch: asked({ tab: oneOf('types', 'rules') }),
  component: lazyRouteComponent(() => import('../screens/leads/settings/LeadSettingsScreen.tsx'), 'LeadSettingsScreen'),
})

const endpoints = createRoute({
  getParentRoute: () => workspace,
  path: '/endpoints',
  component: lazyRouteComponent(() => import('../screens/webhooks/endpoints/EndpointsScreen.tsx'), 'EndpointsScreen'),
})

const new_endpoint = createRoute({
  getParentRoute: () => workspace,
  path: '/endpoints/new',
  validateSearch: asked({ funnel_id: text }),
  component: lazyRouteComponent(() => import('../screens/webhooks/form/NewEndpointScreen.tsx'), 'NewEndpointScreen'),
})

const of_deliveries = {
  q: text,
  state: oneOf('queued', 'held', 'delivered', 'failed', 'cancelled'),
  event: text,
  since: time,
  until: time,
}

const endpoint = createRoute({
  getParentRoute: () => workspace,
  path: '/endpoints/$endpointId',
  validateSearch: asked({
    tab: oneOf('deliveries', 'settings', 'secrets'),
    days: oneOf('7', '30'),
    ...of_deliveries,
  }),
  component: lazyRouteComponent(() => import('../screens/webhooks/endpoint/EndpointScreen.tsx'), 'EndpointScreen'),
})

const edit_endpoint = createRoute({
  getParentRoute: () => workspace,
  path: '/endpoints/$endpointId/edit',
  component: lazyRouteComponent(() => import('../screens/webhooks/form/EditEndpointScreen.tsx'), 'EditEndpointScreen'),
})

const deliveries = createRoute({
  getParentRoute: () => workspace,
  path: '/deliveries',
  validateSearch: asked({ endpoint_id: whole, ...of_deliveries }),
  component: lazyRouteComponent(() => import('../screens/webhooks/deliveries/DeliveriesScreen.tsx'), 'DeliveriesScreen'),
})

const delivery = createRoute({
  getParentRoute: () => workspace,
  path: '/deliveries/$deliveryId',
  component: lazyRouteComponent(() => import('../screens/webhooks/deliveries/DeliveryScreen.tsx'), 'DeliveryScreen'),
})

const webhook_events = createRoute({
  getParentRoute: () => workspace,
  path: '/webhook-events',
  validateSearch: asked({ q: text, event: text }),
  component: lazyRouteComponent(() => import('../screens/webhooks/events/WebhookEventsScreen.tsx'), 'WebhookEventsScreen'),
})

const intake = createRoute({
  getParentRoute: () => workspace,
  path: '/intake',
  component: lazyRouteComponent(() => import('../screens/intake/webhooks/IntakeWebhooksScreen.tsx'), 'IntakeWebhooksScreen'),
})

const new_intake_webhook = createRoute({
  getParentRoute: () => workspace,
  path: '/intake/new',
  component: lazyRouteComponent(() => import('../screens/intake/webhooks/NewWebhookScreen.tsx'), 'NewWebhookScreen'),
})

const of_intake_deliveries = {
  state: oneOf('received', 'fetching', 'accepted', 'duplicate', 'refused', 'quarantined', 'captured', 'ignored'),
  provider_id: text,
  since: time,
  until: time,
}

const intake_webhook = createRoute({
  getParentRoute: () => workspace,
  path: '/intake/$webhookId',
  validateSearch: asked({ tab: oneOf('mapping', 'settings', 'setup'), ...of_intake_deliveries }),
  component: lazyRouteComponent(() => import('../screens/intake/webhook/WebhookScreen.tsx'), 'WebhookScreen'),
})

const intake_deliveries = createRoute({
  getParentRoute: () => workspace,
  path: '/intake-deliveries',
  validateSearch: asked({ webhook_id: whole, ...of_intake_deliveries }),
  component: lazyRouteComponent(() => import('../screens/intake/deliveries/DeliveriesScreen.tsx'), 'IntakeDeliveriesScreen'),
})

const intake_delivery = createRoute({
  getParentRoute: () => workspace,
  path: '/intake-deliveries/$deliveryId',
  component: lazyRouteComponent(() => import('../screens/intake/deliveries/DeliveryScreen.tsx'), 'IntakeDeliveryScreen'),
})

const providers = createRoute({
  getParentRoute: () => workspace,
  path: '/providers',
  component: lazyRouteComponent(() => import('../screens/intake/providers/ProvidersScreen.tsx'), 'ProvidersScreen'),
})

const provider = createRoute({
  getParentRoute: () => workspace,
  path: '/providers/$providerId',
  component: lazyRouteComponent(() => import('../screens/intake/providers/ProviderScreen.tsx'), 'ProviderScreen'),
})

const crm = createRoute({
  getParentRoute: () => workspace,
  path: '/crm',
  validateSearch: asked({
    tab: oneOf('links', 'migration', 'sustainers', 'lists', 'log'),
    q: text,
    connection_id: whole,
    state: oneOf(...SIGN_UP_STATES),
    due: flag,
    kind: oneOf(...CRM_ERROR_KINDS),
    operation: text,
    run_id: whole,
    contact_id: whole,
    who: oneOf('ended', 'syncs'),
  }),
  component: lazyRouteComponent(() => import('../screens/crm/CrmScreen.tsx'), 'CrmScreen'),
})

const privacy = createRoute({
  getParentRoute: () => workspace,
  path: '/privacy',
  validateSearch: asked({ tab: oneOf('consent', 'retention', 'kept') }),
  component: lazyRouteComponent(() => import('../screens/privacy/PrivacyScreen.tsx'), 'PrivacyScreen'),
})

const new_crm_connection = createRoute({
  getParentRoute: () => workspace,
  path: '/crm/connections/new',
  validateSearch: asked({ provider: oneOf(...CRM_PROVIDERS) }),
  component: lazyRouteComponent(() => import('../screens/crm/connections/NewConnectionScreen.tsx'), 'NewConnectionScreen'),
})

const crm_connection = createRoute({
  getParentRoute: () => workspace,
  path: '/crm/connections/$connectionId',
  validateSearch: asked({ test: flag }),
  component: lazyRouteComponent(() => import('../screens/crm/connections/ConnectionScreen.tsx'), 'ConnectionScreen'),
})

const crm_run = createRoute({
  getParentRoute: () => workspace,
  path: '/crm/runs/$runId',
  validateSearch: asked({ tab: oneOf('members'), state: oneOf(...MEMBER_STATES) }),
  component: lazyRouteComponent(() => import('../screens/crm/runs/RunScreen.tsx'), 'RunScreen'),
})

const mailing_list = createRoute({
  getParentRoute: () => workspace,
  path: '/crm/lists/$listId',
  validateSearch: asked({ left: flag }),
  component: lazyRouteComponent(() => import('../screens/crm/lists/ListScreen.tsx'), 'ListScreen'),
})

const conversions = createRoute({
  getParentRoute: () => workspace,
  path: '/conversions',
  validateSearch: asked({
    sort: oneOf('-converted_at', 'converted_at'),
    type: text,
    status: oneOf('active', 'refunded', 'void'),
    source: oneOf('api', 'event', 'lead', 'appointment', 'import'),
    since: time,
    until: time,
  }),
  component: lazyRouteComponent(() => import('../screens/conversions/ConversionsScreen.tsx'), 'ConversionsScreen'),
})

const conversion = createRoute({
  getParentRoute: () => workspace,
  path: '/conversions/$conversionId',
  component: lazyRouteComponent(() => import('../screens/conversions/ConversionScreen.tsx'), 'ConversionScreen'),
})

const reports = createRoute({
  getParentRoute: () => workspace,
  path: '/reports',
  validateSearch: asked({
    tab: oneOf('engagement', 'funnel', 'attribution', 'leads', 'conversions', 'appointments', 'health'),
    by: oneOf('source', 'campaign', 'provider', 'assignee', 'product', 'state', 'webhook', 'lead_type', 'type', 'day'),
    days: whole,
    from: day,
    to: day,
    interval: oneOf('day', 'week', 'month'),
    funnel_id: text,
    segment: oneOf('no_show', 'skimmer', 'sampler', 'engaged', 'hot'),
    segment_id: whole,
    utm_source: text,
    property_name: text,
    property_value: text,
    time_zone: zone,
    compare: flag,
    measure: oneOf('registrations', 'views', 'conversions', 'revenue'),
    model: oneOf('first_touch', 'last_touch', 'linear', 'time_decay', 'position_based'),
    dimension: oneOf('source', 'medium', 'campaign', 'term', 'content', 'referrer', 'referral_code'),
    people: text,
    dashboard: whole,
    ...of_funnel_report,
  }),
  component: lazyRouteComponent(() => import('../screens/reports/ReportsScreen.tsx'), 'ReportsScreen'),
})

const forwarding = createRoute({
  getParentRoute: () => workspace,
  path: '/forwarding',
  component: lazyRouteComponent(() => import('../screens/forwarding/ForwardingScreen.tsx'), 'ForwardingScreen'),
})

const funnels = createRoute({
  getParentRoute: () => workspace,
  path: '/funnels',
  component: lazyRouteComponent(() => import('../screens/funnels/FunnelsScreen.tsx'), 'FunnelsScreen'),
})

const setup = createRoute({
  getParentRoute: () => workspace,
  path: '/setup',
  component: lazyRouteComponent(() => import('../screens/setup/SetupScreen.tsx'), 'SetupScreen'),
})

const account = createRoute({
  getParentRoute: () => workspace,
  path: '/account',
  validateSearch: asked({ required: flag }),
  component: lazyRouteComponent(() => import('../screens/account/AccountScreen.tsx'), 'AccountScreen'),
})

const people = createRoute({
  getParentRoute: () => workspace,
  path: '/people',
  validateSearch: asked({ tab: oneOf('teams', 'roles') }),
  component: lazyRouteComponent(() => import('../screens/people/PeopleScreen.tsx'), 'PeopleScreen'),
})

const settings = createRoute({
  getParentRoute: () => workspace,
  path: '/settings',
  component: lazyRouteComponent(() => import('../screens/settings/SettingsScreen.tsx'), 'SettingsScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    sign_in,
    forgot_password,
    new_password,
    welcome,
    invitation,
    book,
    booking,
    workspace.addChildren([
      workspace_home,
      contacts,
      contact,
      segments,
      new_segment,
      segment,
      visitors,
      visitor,
      live,
      review,
      activities,
      transfers,
      transfer,
      leads,
      lead,
      board,
      tasks,
      appointments,
      appointment,
      appointment_settings,
      lead_settings,
      custom_fields,
      endpoints,
      new_endpoint,
      endpoint,
      edit_endpoint,
      deliveries,
      delivery,
      webhook_events,
      intake,
      new_intake_webhook,
      intake_webhook,
      intake_deliveries,
      intake_delivery,
      providers,
      provider,
      crm,
      privacy,
      new_crm_connection,
      crm_connection,
      crm_run,
      mailing_list,
      conversions,
      conversion,
      reports,
      forwarding,
      funnels,
      setup,
      people,
      settings,
      account,
      imports,
      one_import,
    ]),
  ]),
  context: { queries },
  defaultPreload: 'intent',
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: NotFound,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** A session that ended while somebody worked: back to where they were after they sign in. */
async function signInAgain(error: Error) {
  if (!(error instanceof ApiError && error.code === 'not_signed_in')) return
  const { pathname, href } = router.state.location
  if (!pathname.startsWith('/w/')) return
  queries.removeQueries({ queryKey: session.queryKey })
  await router.navigate({ to: '/sign-in', search: { next: href } })
}

/** A workspace that asks for a second step answers nothing else before it is there. */
async function setUpSecondStep(error: Error) {
  if (!(error instanceof ApiError && error.code === 'totp_required')) return
  // Where somebody is going: they may be asked before the first screen.
  const { pathname, search } = router.latestLocation
  const workspaceId = /^\/w\/(\d+)/.exec(pathname)?.[1]
  if (workspaceId && !('required' in search))
    await router.navigate({ to: '/w/$workspaceId/account', params: { workspaceId }, search: { required: true } })
}
