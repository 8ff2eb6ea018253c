import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type {
  IntakeDeliveriesQuery,
  IntakeDelivery,
  IntakeDeliveryShown,
  IntakeFormat,
  IntakeKeys,
  IntakeReplayed,
  IntakeWaiting,
  IntakeWaitingReplay,
  IntakeWaitingReplayed,
  IntakeWebhook,
  IntakeWebhookCreate,
  IntakeWebhookUpdate,
  Mapping,
  MappingTried,
  Provider,
  ProviderCreate,
  ProviderCreated,
  ProviderUpdate,
  ProviderUsage,
} from '../../shared/intake.ts'
import { type Asked, type Page, pages } from './page.ts'
import { request } from './request.ts'

export const intakeWebhooks = (workspace_id: number, search: { q?: string | undefined } = {}) =>
  pages<IntakeWebhook>(workspace_id, '/intake-webhooks', search, 100)

export const intakeWebhook = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/intake-webhook', id],
    queryFn: ({ signal }) => request<IntakeWebhook>(`/intake-webhooks/${id}`, { workspace_id, signal }),
  })

export function createIntakeWebhook(workspace_id: number, body: IntakeWebhookCreate) {
  return request<IntakeWebhook>('/intake-webhooks', { method: 'POST', workspace_id, body })
}

export function updateIntakeWebhook(workspace_id: number, id: number, body: IntakeWebhookUpdate) {
  return request<IntakeWebhook>(`/intake-webhooks/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteIntakeWebhook(workspace_id: number, id: number) {
  return request<void>(`/intake-webhooks/${id}`, { method: 'DELETE', workspace_id })
}

export const intakeWaiting = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/intake-webhook', id, 'waiting'],
    queryFn: ({ signal }) => request<IntakeWaiting>(`/intake-webhooks/${id}/waiting`, { workspace_id, signal }),
  })

/** The next part of what a webhook has captured or in quarantine is processed again. */
export function replayWaiting(workspace_id: number, id: number, part: Required<IntakeWaitingReplay>) {
  const path = `/intake-webhooks/${id}/replay?limit=${part.limit}&after_id=${part.after_id}`
  return request<IntakeWaitingReplayed>(path, { method: 'POST', workspace_id })
}

/** They change with the version of the server alone. */
export const intakeFormats = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/intake-formats'],
    queryFn: ({ signal }) => request<Pick<Page<IntakeFormat>, 'data'>>('/intake-formats', { workspace_id, signal }),
    staleTime: 60 * 60_000,
  })

export const intakeKeys = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/intake-webhook', id, 'keys'],
    queryFn: ({ signal }) => request<IntakeKeys>(`/intake-webhooks/${id}/keys`, { workspace_id, signal }),
  })

export const triedMapping = (workspace_id: number, id: number, mapping: Mapping | null) =>
  queryOptions({
    queryKey: [workspace_id, '/intake-webhook', id, 'trial', mapping],
    queryFn: ({ signal }) =>
      request<MappingTried>(`/intake-webhooks/${id}/mapping-trial`, { method: 'POST', workspace_id, body: { mapping }, signal }),
  })

export const intakeDeliveries = (workspace_id: number, search: Asked<IntakeDeliveriesQuery>) =>
  pages<IntakeDelivery>(workspace_id, '/intake-deliveries', search, 100)

export const intakeDelivery = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/intake-delivery', id],
    queryFn: ({ signal }) => request<IntakeDeliveryShown>(`/intake-deliveries/${id}`, { workspace_id, signal }),
  })

export function replayIntakeDeliveries(workspace_id: number, ids: number[]) {
  return request<Static<typeof IntakeReplayed>>('/intake-deliveries/replay', { method: 'POST', workspace_id, body: { ids } })
}

export const providers = (workspace_id: number) => pages<Provider>(workspace_id, '/providers', {}, 100)

export const provider = (workspace_id: number, provider_id: string) =>
  queryOptions({
    queryKey: [workspace_id, '/provider', provider_id],
    queryFn: ({ signal }) => request<Provider>(`/providers/${provider_id}`, { workspace_id, signal }),
  })

export function createProvider(workspace_id: number, body: ProviderCreate) {
  return request<ProviderCreated>('/providers', { method: 'POST', workspace_id, body })
}

export function updateProvider(workspace_id: number, provider_id: string, body: ProviderUpdate) {
  return request<Provider>(`/providers/${provider_id}`, { method: 'PATCH', workspace_id, body })
}

export function rotateProviderKey(workspace_id: number, provider_id: string) {
  return request<ProviderCreated>(`/providers/${provider_id}/key`, { method: 'POST', workspace_id })
}

export function deleteProvider(workspace_id: number, provider_id: string) {
  return request<void>(`/providers/${provider_id}`, { method: 'DELETE', workspace_id })
}

/** Of the last 30 days. */
export const providerUsage = (workspace_id: number, provider_id: string) =>
  queryOptions({
    queryKey: [workspace_id, '/provider', provider_id, 'usage'],
    queryFn: ({ signal }) => request<ProviderUsage>(`/providers/${provider_id}/usage`, { workspace_id, signal }),
    staleTime: 30_000,
  })
