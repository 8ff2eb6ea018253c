import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type {
  ContactCrm,
  CrmAgain,
  CrmConnection,
  CrmConnectionCreate,
  CrmConnections,
  CrmConnectionUpdate,
  CrmFinalized,
  CrmLink,
  CrmLinkPut,
  CrmLinksQuery,
  CrmLinksStored,
  CrmLogEntry,
  CrmLogQuery,
  CrmMarkPut,
  CrmProviders,
  CrmRun,
  CrmRunCreate,
  CrmRunMember,
  CrmRunMembersQuery,
  CrmRunsQuery,
  CrmSustainer,
  CrmSustainersQuery,
  CrmTested,
  MailingList,
  MailingListCreate,
  MailingListJoin,
  MailingListMember,
  MailingListMembersQuery,
  MailingLists,
  MailingListUpdate,
} from '../../shared/crm.ts'
import { type Asked, pages } from './page.ts'
import { addressOf, request } from './request.ts'

/** How soon it is asked again: while something runs, and otherwise. */
const RUNNING_MS = 1000
const QUIET_MS = 10_000

/** They change with the version of the server alone. */
export const crmProviders = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/crm/providers'],
    queryFn: ({ signal }) => request<Static<typeof CrmProviders>>('/crm/providers', { workspace_id, signal }),
    staleTime: 60 * 60_000,
  })

export const crmConnections = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/crm/connections'],
    queryFn: ({ signal }) => request<CrmConnections>('/crm/connections', { workspace_id, signal }),
    refetchInterval: QUIET_MS,
  })

export const crmConnection = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/crm/connections', id],
    queryFn: ({ signal }) => request<CrmConnection>(`/crm/connections/${id}`, { workspace_id, signal }),
    refetchInterval: QUIET_MS,
  })

export function createCrmConnection(workspace_id: number, body: CrmConnectionCreate) {
  return request<CrmConnection>('/crm/connections', { method: 'POST', workspace_id, body })
}

export function updateCrmConnection(workspace_id: number, id: number, body: CrmConnectionUpdate) {
  return request<CrmConnection>(`/crm/connections/${id}`, { method: 'PATCH', workspace_id, body })
}

/** Whoever has an id there loses it: that must be said. */
export function deleteCrmConnection(workspace_id: number, id: number, drop_links: boolean) {
  return request<void>(`/crm/connections/${id}${drop_links ? '?drop_links=true' : ''}`, { method: 'DELETE', workspace_id })
}

export function testCrmConnection(workspace_id: number, id: number) {
  return request<CrmTested>(`/crm/connections/${id}/tests`, { method: 'POST', workspace_id })
}

/** Everybody whom it did not take is told it again. */
export function tellCrmAgain(workspace_id: number, id: number) {
  return request<Static<typeof CrmAgain>>(`/crm/connections/${id}/again`, { method: 'POST', workspace_id })
}

/** Who signed up before it was connected is added there, in the background. */
export function addEarlierToCrm(workspace_id: number, id: number) {
  return request<Static<typeof CrmAgain>>(`/crm/connections/${id}/earlier`, { method: 'POST', workspace_id })
}

export function putCrmLinks(workspace_id: number, connection_id: number, links: CrmLinkPut[]) {
  const path = `/crm/connections/${connection_id}/links`
  return request<Static<typeof CrmLinksStored>>(path, { method: 'POST', workspace_id, body: { links } })
}

export const crmLinks = (workspace_id: number, search: Asked<CrmLinksQuery>) =>
  pages<CrmLink>(workspace_id, '/crm/links', search, 100)

export const crmLinksFile = (workspace_id: number, search: Asked<CrmLinksQuery>) =>
  addressOf('/crm/links.csv', workspace_id, search)

export const crmLog = (workspace_id: number, search: Asked<CrmLogQuery>) =>
  pages<CrmLogEntry>(workspace_id, '/crm/log', search, 100)

export const crmLogFile = (workspace_id: number, search: Asked<CrmLogQuery>) => addressOf('/crm/log.csv', workspace_id, search)

export const crmRuns = (workspace_id: number, search: Asked<CrmRunsQuery>) =>
  pages<CrmRun>(workspace_id, '/crm/runs', search, 100)

export const crmRun = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/crm/runs', id],
    queryFn: ({ signal }) => request<CrmRun>(`/crm/runs/${id}`, { workspace_id, signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? RUNNING_MS : QUIET_MS),
  })

export function seeCrmRun(workspace_id: number, id: number) {
  return request<CrmRun>(`/crm/runs/${id}/seen`, { method: 'POST', workspace_id })
}

export function startCrmRun(workspace_id: number, body: CrmRunCreate) {
  return request<CrmRun>('/crm/runs', { method: 'POST', workspace_id, body })
}

export function stopCrmRun(workspace_id: number, id: number) {
  return request<CrmRun>(`/crm/runs/${id}/stop`, { method: 'POST', workspace_id })
}

export function resumeCrmRun(workspace_id: number, id: number) {
  return request<CrmRun>(`/crm/runs/${id}/resume`, { method: 'POST', workspace_id })
}

export function finalizeCrmRun(workspace_id: number, id: number) {
  return request<Static<typeof CrmFinalized>>(`/crm/runs/${id}/finalize`, { method: 'POST', workspace_id })
}

export const crmRunMembers = (workspace_id: number, id: number, search: Asked<CrmRunMembersQuery>) =>
  pages<CrmRunMember>(workspace_id, `/crm/runs/${id}/members`, search, 100)

export const crmRunMembersFile = (workspace_id: number, id: number, search: Asked<CrmRunMembersQuery>) =>
  addressOf(`/crm/runs/${id}/members.csv`, workspace_id, search)

export const crmSustainers = (workspace_id: number, search: Asked<CrmSustainersQuery>) =>
  pages<CrmSustainer>(workspace_id, '/crm/sustainers', search, 100)

export const mailingLists = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/crm/lists'],
    queryFn: ({ signal }) => request<Static<typeof MailingLists>>('/crm/lists', { workspace_id, signal }),
  })

export const mailingList = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/crm/lists', id],
    queryFn: ({ signal }) => request<MailingList>(`/crm/lists/${id}`, { workspace_id, signal }),
  })

export function createMailingList(workspace_id: number, body: MailingListCreate) {
  return request<MailingList>('/crm/lists', { method: 'POST', workspace_id, body })
}

export function updateMailingList(workspace_id: number, id: number, body: MailingListUpdate) {
  return request<MailingList>(`/crm/lists/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteMailingList(workspace_id: number, id: number) {
  return request<void>(`/crm/lists/${id}`, { method: 'DELETE', workspace_id })
}

export const mailingListMembers = (workspace_id: number, id: number, search: Asked<MailingListMembersQuery>) =>
  pages<MailingListMember>(workspace_id, `/crm/lists/${id}/contacts`, search, 100)

export function joinMailingList(workspace_id: number, id: number, body: MailingListJoin) {
  return request<MailingListMember>(`/crm/lists/${id}/contacts`, { method: 'POST', workspace_id, body })
}

export function leaveMailingList(workspace_id: number, id: number, email: string) {
  return request<void>(`/crm/lists/${id}/contacts/${encodeURIComponent(email)}`, { method: 'DELETE', workspace_id })
}

export const contactCrm = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/contact', id, 'crm'],
    queryFn: ({ signal }) => request<ContactCrm>(`/contacts/${id}/crm`, { workspace_id, signal }),
  })

export function markContact(workspace_id: number, id: number, body: Static<typeof CrmMarkPut>) {
  return request<ContactCrm>(`/contacts/${id}/crm-mark`, { method: 'PUT', workspace_id, body })
}

export function unmarkContact(workspace_id: number, id: number) {
  return request<ContactCrm>(`/contacts/${id}/crm-mark`, { method: 'DELETE', workspace_id })
}

/** The CRM is told nothing. */
export function dropCrmLink(workspace_id: number, { connection_id, contact_id }: Pick<CrmLink, 'connection_id' | 'contact_id'>) {
  return request<void>(`/crm/connections/${connection_id}/links/${contact_id}`, { method: 'DELETE', workspace_id })
}
