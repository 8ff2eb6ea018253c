import type { Review } from '../../shared/identity.ts'
import { pages } from './page.ts'
import { request } from './request.ts'

export const reviews = (workspace_id: number) => pages<Review>(workspace_id, '/identity/reviews', {})

const post = (workspace_id: number, path: string) => request<unknown>(`/identity/${path}`, { method: 'POST', workspace_id })

export const undoLink = (workspace_id: number, id: number) => post(workspace_id, `links/${id}/undo`)

/** Links what the guard refused, by force. */
export const acceptLink = (workspace_id: number, id: number) => post(workspace_id, `links/${id}/acceptance`)

export const dismissLink = (workspace_id: number, id: number) => post(workspace_id, `links/${id}/dismissal`)

export const dismissSuggestion = (workspace_id: number, id: number) => post(workspace_id, `suggestions/${id}/dismissal`)
