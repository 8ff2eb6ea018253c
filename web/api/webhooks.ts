import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import { givenUpSince } from '../../shared/given-up.ts'
import type {
  DeliveriesQuery,
  Delivery,
  DeliveryShown,
  Endpoint,
  EndpointActivate,
  EndpointCreate,
  EndpointCreated,
  EndpointHours,
  EndpointTested,
  EndpointUpdate,
  MailShown,
  Replayed,
  ReplaySince,
  SecretCreate,
  SecretCreated,
  WebhookEvent,
} from '../../shared/webhooks.ts'
import { type Asked, type Page, pages } from './page.ts'
import { request } from './request.ts'

export const endpoints = (workspace_id: number) => pages<Endpoint>(workspace_id, '/endpoints', {}, 100)

/** Those that hear one funnel alone: more than a hundred are not shown beside it. */
export const endpointsOfFunnel = (workspace_id: number, funnel_id: string) =>
  queryOptions({
    queryKey: [workspace_id, '/endpoints', 'of-funnel', funnel_id],
    queryFn: ({ signal }) => request<Page<Endpoint>>('/endpoints', { workspace_id, search: { funnel_id, limit: 100 }, signal }),
  })

export const endpoint = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/endpoint', id],
    queryFn: ({ signal }) => request<Endpoint>(`/endpoints/${id}`, { workspace_id, signal }),
  })

export function createEndpoint(workspace_id: number, body: EndpointCreate) {
  return request<EndpointCreated>('/endpoints', { method: 'POST', workspace_id, body })
}

export function updateEndpoint(workspace_id: number, id: number, body: EndpointUpdate) {
  return request<Endpoint>(`/endpoints/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteEndpoint(workspace_id: number, id: number) {
  return request<unknown>(`/endpoints/${id}`, { method: 'DELETE', workspace_id })
}

export function activateEndpoint(workspace_id: number, id: number, body: EndpointActivate) {
  return request<Endpoint>(`/endpoints/${id}/activation`, { method: 'POST', workspace_id, body })
}

export function pauseEndpoint(workspace_id: number, id: number) {
  return request<unknown>(`/endpoints/${id}/activation`, { method: 'DELETE', workspace_id })
}

export function createSecret(workspace_id: number, id: number, body: Static<typeof SecretCreate>) {
  return request<Static<typeof SecretCreated>>(`/endpoints/${id}/secrets`, { method: 'POST', workspace_id, body })
}

export function testEndpoint(workspace_id: number, id: number, event: string | undefined) {
  const body = event ? { event } : {}
  return request<Static<typeof EndpointTested>>(`/endpoints/${id}/tests`, { method: 'POST', workspace_id, body })
}

/** With `dry_run` it only counts. */
export function replaySince(workspace_id: number, id: number, body: Static<typeof ReplaySince>) {
  return request<Static<typeof Replayed>>(`/endpoints/${id}/replays`, { method: 'POST', workspace_id, body })
}

/** How many were given up since an endpoint began to fail; refused when they are more than are sent again at once. */
export const givenUp = (workspace_id: number, id: number, failing_since: string | null) =>
  queryOptions({
    queryKey: [workspace_id, '/endpoint', id, 'given-up', failing_since],
    queryFn: () => replaySince(workspace_id, id, { since: givenUpSince(failing_since!), dry_run: true }),
    enabled: failing_since !== null,
    retry: false,
  })

export const hours = (workspace_id: number, id: number, days: number) =>
  queryOptions({
    queryKey: [workspace_id, '/endpoint', id, 'hours', days],
    queryFn: ({ signal }) =>
      request<Static<typeof EndpointHours>>(`/endpoints/${id}/hours`, { workspace_id, search: { days }, signal }),
  })

export const deliveries = (workspace_id: number, search: Asked<DeliveriesQuery>) =>
  pages<Delivery>(workspace_id, '/deliveries', search, 100)

export const delivery = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/delivery', id],
    queryFn: ({ signal }) => request<DeliveryShown>(`/deliveries/${id}`, { workspace_id, signal }),
  })

export function replayDeliveries(workspace_id: number, ids: number[]) {
  return request<Static<typeof Replayed>>('/deliveries/replays', { method: 'POST', workspace_id, body: { ids } })
}

/** The catalogue: it changes with the version of the server alone. */
export const webhookEvents = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/webhook-events'],
    queryFn: ({ signal }) => request<Pick<Page<WebhookEvent>, 'data'>>('/webhook-events', { workspace_id, signal }),
    staleTime: 60 * 60_000,
  })

export const mails = (workspace_id: number) => pages<MailShown>(workspace_id, '/mails', {}, 100)
