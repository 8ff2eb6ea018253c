import type { FastifyRequest } from 'fastify'
import type { PermissionAction, PermissionScope } from '../../../shared/permissions.ts'

/** What a route asks for: to see, to change records, to send events, or to change the workspace itself (keys, members, settings). */
export type Need = 'read' | 'update' | 'convert' | 'ingest' | 'admin'

/** `only_all`: one's own records are not enough for it. */
export type Place = { scope: PermissionScope; action: PermissionAction; only_all: boolean }

/** What the first word of an address is about. `roles.test.ts` holds that every route has its word here. */
const SCOPE_OF: Record<string, PermissionScope> = {
  activities: 'visitors',
  'appointment-types': 'appointments',
  appointments: 'appointments',
  'area-lists': 'appointments',
  'assignment-rules': 'leads',
  'bulk-actions': 'contacts',
  calendar: 'appointments',
  contacts: 'contacts',
  'consent-purposes': 'privacy',
  conversions: 'conversions',
  crm: 'crm',
  'custom-fields': 'contacts',
  dashboards: 'reports',
  deliveries: 'webhooks',
  endpoints: 'webhooks',
  events: 'visitors',
  exports: 'contacts',
  forwarding: 'webhooks',
  'forwarding-rules': 'webhooks',
  funnels: 'reports',
  identity: 'contacts',
  'import-targets': 'contacts',
  imports: 'contacts',
  'intake-deliveries': 'leads',
  'intake-formats': 'leads',
  'intake-webhooks': 'leads',
  keys: 'settings',
  'lead-lost-reasons': 'leads',
  'lead-types': 'leads',
  leads: 'leads',
  live: 'visitors',
  mails: 'webhooks',
  notes: 'tasks',
  pages: 'reports',
  pipelines: 'leads',
  pools: 'appointments',
  privacy: 'privacy',
  providers: 'leads',
  reports: 'reports',
  'routing-decisions': 'appointments',
  'routing-rules': 'appointments',
  segments: 'contacts',
  staff: 'appointments',
  tags: 'contacts',
  tasks: 'tasks',
  transfers: 'contacts',
  videos: 'reports',
  views: 'tasks',
  visitors: 'visitors',
}

/** Whose rows are somebody's. What is set up around them (pipelines, pools, tags) changes for everybody, so it takes `all`. */
const RECORDS = ['contacts', 'leads', 'tasks', 'appointments', 'conversions', 'visitors', 'notes', 'views']

/** What reaches beyond the record that is named, to another that may not be theirs. */
const BEYOND = /\/(merge|merges|visitors)\b/

/** Read by every screen to be drawn at all; who is a member may. */
const OPEN = [
  'appointment-types',
  'consent-purposes',
  'dashboards',
  'funnels',
  'lead-types',
  'pages',
  'pipelines',
  'segments',
  'staff',
  'tags',
  'videos',
  'webhook-events',
]

/** What a request is about, by its address: so no route can be forgotten, and none says it twice. */
export function placeOf(request: FastifyRequest, need: Need): Place {
  const path = (request.routeOptions.url ?? '').replace(/^\/api\/v1\//, '')
  const [word = ''] = path.split('/')
  const scope = SCOPE_OF[word] ?? 'settings'
  if (word === 'exports' && request.method === 'POST') return exportOf(request)
  if (need === 'read') return { scope: OPEN.includes(word) ? 'settings' : scope, action: 'read', only_all: false }
  return { scope, action: actionOf(request.method, path), only_all: !RECORDS.includes(word) || BEYOND.test(path) }
}

/** A file is made behind the scenes, of everybody's records and with every field. */
function exportOf({ body }: FastifyRequest): Place {
  const { of } = body as { of: string }
  return { scope: of.endsWith('_report') ? 'reports' : (SCOPE_OF[of] ?? 'settings'), action: 'export', only_all: true }
}

/** Something below a record is a part of it: a tag taken off a contact changes the contact. */
function actionOf(method: string, path: string): PermissionAction {
  const words = path.split('/')
  if (method === 'DELETE' && words.length <= 2) return 'delete'
  if (method === 'POST' && words.length === 1) return 'create'
  if (method === 'GET' || method === 'HEAD') return 'read'
  return 'update'
}

export function isPlaced(path: string) {
  const [word = ''] = path.replace(/^\/api\/v1\//, '').split('/')
  return word in SCOPE_OF
}
