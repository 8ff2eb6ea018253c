import type { QueryClient } from '@tanstack/react-query'
import { redirect } from '@tanstack/react-router'
import { ApiError } from '../api/request.ts'
import { setup } from '../api/workspaces.ts'
import { signedIn } from './enter.ts'
import { lastWorkspace } from './lastWorkspace.ts'

/** The contacts of the workspace that was open last; its set-up, as long as nothing has arrived there. */
export async function firstScreen(queries: QueryClient) {
  const { workspaces } = await signedIn(queries)
  const workspace = workspaces.find(({ id }) => id === lastWorkspace()) ?? workspaces[0]
  if (!workspace) return
  const params = { workspaceId: String(workspace.id) }
  const { first_event_at, contacts } = await queries.fetchQuery(setup(workspace.id)).catch(error => {
    if (!(error instanceof ApiError && error.code === 'totp_required')) throw error
    throw redirect({ to: '/w/$workspaceId/account', params, search: { required: true }, replace: true })
  })
  const started = first_event_at !== null || contacts > 0
  throw redirect({ to: started ? '/w/$workspaceId/contacts' : '/w/$workspaceId/setup', params, replace: true })
}
