import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { AssignmentRule, AssignmentRuleCreate, AssignmentRules, AssignmentRuleUpdate } from '../../shared/assignment.ts'
import type { Conversion } from '../../shared/conversions.ts'
import type { LeadForwards } from '../../shared/forwarding.ts'
import type { LeadType, LeadTypeCreate, LeadTypes, LeadTypeUpdate } from '../../shared/lead-types.ts'
import type {
  Board,
  BoardQuery,
  Lead,
  LeadCreate,
  LeadEvent,
  LeadMove,
  LeadSelectionChange,
  LeadSelectionChanged,
  LeadShown,
  LeadStatusChange,
  LeadsQuery,
  LeadUpdate,
  LostReasons,
} from '../../shared/leads.ts'
import type { Pipeline, PipelineCreate, Pipelines, PipelineUpdate } from '../../shared/pipelines.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

const SELDOM_CHANGED = 60_000

export const leads = (workspace_id: number, search: Asked<LeadsQuery>) => pages<Lead>(workspace_id, '/leads', search, 100)

export const lead = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/lead', id],
    queryFn: ({ signal }) => request<LeadShown>(`/leads/${id}`, { workspace_id, signal }),
  })

export function createLead(workspace_id: number, body: LeadCreate) {
  return request<LeadShown>('/leads', { method: 'POST', workspace_id, body })
}

export function updateLead(workspace_id: number, id: number, body: LeadUpdate) {
  return request<LeadShown>(`/leads/${id}`, { method: 'PATCH', workspace_id, body })
}

export function changeStatus(workspace_id: number, id: number, body: LeadStatusChange) {
  return request<LeadShown>(`/leads/${id}/status`, { method: 'POST', workspace_id, body })
}

export function moveLead(workspace_id: number, id: number, body: LeadMove) {
  return request<Lead>(`/leads/${id}/move`, { method: 'POST', workspace_id, body })
}

/** The same for all of them, or for none. */
export function changeLeads(workspace_id: number, body: LeadSelectionChange) {
  return request<Static<typeof LeadSelectionChanged>>('/leads/selection', { method: 'POST', workspace_id, body })
}

export const leadEvents = (workspace_id: number, id: number) => pages<LeadEvent>(workspace_id, `/leads/${id}/events`, {})

/** To which endpoints it was sent on. */
export const leadForwards = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/lead', id, 'forwards'],
    queryFn: ({ signal }) => request<Static<typeof LeadForwards>>(`/leads/${id}/forwards`, { workspace_id, signal }),
  })

export function forwardLead(workspace_id: number, id: number, endpoint_id: number) {
  return request<Static<typeof LeadForwards>>(`/leads/${id}/forwards`, { method: 'POST', workspace_id, body: { endpoint_id } })
}

export const boardKey = (workspace_id: number, search: Asked<BoardQuery>) => [workspace_id, '/leads/board', search]

export const board = (workspace_id: number, search: Asked<BoardQuery>) =>
  queryOptions({
    queryKey: boardKey(workspace_id, search),
    queryFn: ({ signal }) => readBoard(workspace_id, search, signal),
  })

export function readBoard(workspace_id: number, search: Asked<BoardQuery>, signal?: AbortSignal) {
  return request<Board>('/leads/board', { workspace_id, search, signal })
}

export const lostReasons = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/lead-lost-reasons'],
    queryFn: ({ signal }) => request<Static<typeof LostReasons>>('/lead-lost-reasons', { workspace_id, signal }),
  })

export const pipelines = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/pipelines'],
    queryFn: ({ signal }) => request<Static<typeof Pipelines>>('/pipelines', { workspace_id, signal }),
    staleTime: SELDOM_CHANGED,
  })

export function createPipeline(workspace_id: number, body: PipelineCreate) {
  return request<Pipeline>('/pipelines', { method: 'POST', workspace_id, body })
}

export function updatePipeline(workspace_id: number, id: number, body: PipelineUpdate) {
  return request<Pipeline>(`/pipelines/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deletePipeline(workspace_id: number, id: number) {
  return request<void>(`/pipelines/${id}`, { method: 'DELETE', workspace_id })
}

export const leadTypes = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/lead-types'],
    queryFn: ({ signal }) => request<Static<typeof LeadTypes>>('/lead-types', { workspace_id, signal }),
    staleTime: SELDOM_CHANGED,
  })

export function createLeadType(workspace_id: number, body: LeadTypeCreate) {
  return request<LeadType>('/lead-types', { method: 'POST', workspace_id, body })
}

export function updateLeadType(workspace_id: number, key: string, body: LeadTypeUpdate) {
  return request<LeadType>(`/lead-types/${key}`, { method: 'PATCH', workspace_id, body })
}

export function deleteLeadType(workspace_id: number, key: string) {
  return request<void>(`/lead-types/${key}`, { method: 'DELETE', workspace_id })
}

export const assignmentRules = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/assignment-rules'],
    queryFn: ({ signal }) => request<Static<typeof AssignmentRules>>('/assignment-rules', { workspace_id, signal }),
  })

export function createAssignmentRule(workspace_id: number, body: AssignmentRuleCreate) {
  return request<AssignmentRule>('/assignment-rules', { method: 'POST', workspace_id, body })
}

export function updateAssignmentRule(workspace_id: number, id: number, body: AssignmentRuleUpdate) {
  return request<AssignmentRule>(`/assignment-rules/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteAssignmentRule(workspace_id: number, id: number) {
  return request<void>(`/assignment-rules/${id}`, { method: 'DELETE', workspace_id })
}

export const contactLeads = (workspace_id: number, contact_id: number) =>
  pages<Lead>(workspace_id, `/contacts/${contact_id}/leads`, {})

export const contactConversions = (workspace_id: number, contact_id: number) =>
  pages<Conversion>(workspace_id, `/contacts/${contact_id}/conversions`, {})
