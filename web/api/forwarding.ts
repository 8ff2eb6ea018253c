import { queryOptions } from '@tanstack/react-query'
import type { Forwarding, ForwardingRule, ForwardingRuleCreate, ForwardingRuleUpdate } from '../../shared/forwarding.ts'
import { request } from './request.ts'

/** The master switch, and every rule with what became of its leads. */
export const forwarding = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/forwarding'],
    queryFn: ({ signal }) => request<Forwarding>('/forwarding', { workspace_id, signal }),
  })

export function switchForwarding(workspace_id: number, active: boolean) {
  return request<Forwarding>('/forwarding', { method: 'PATCH', workspace_id, body: { active } })
}

export function createForwardingRule(workspace_id: number, body: ForwardingRuleCreate) {
  return request<ForwardingRule>('/forwarding-rules', { method: 'POST', workspace_id, body })
}

export function updateForwardingRule(workspace_id: number, id: number, body: ForwardingRuleUpdate) {
  return request<ForwardingRule>(`/forwarding-rules/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteForwardingRule(workspace_id: number, id: number) {
  return request<void>(`/forwarding-rules/${id}`, { method: 'DELETE', workspace_id })
}
