import { createUser } from '../server/workspaces/users.ts'
import type { Role } from '../shared/workspaces.ts'
import type { FreshApp } from './app.ts'

export type SignedIn = { user_id: number; email: string; cookie: string; csrf_token: string; headers: Record<string, string> }

export const PASSWORD = 'correct horse battery'

/** A member of the workspace, signed in as a browser is: with a cookie, the token against forgery, and the workspace named. */
export async function signedIn(fresh: FreshApp, role: Role = 'owner', workspace_id = fresh.workspace_id): Promise<SignedIn> {
  const email = `${role}-${workspace_id}-${Math.random().toString(36).slice(2)}@example.com`
  const { user_id } = await createUser(fresh.database, { email, name: role, workspace_id, role, password: PASSWORD })
  const response = await fresh.app.inject({ method: 'POST', url: '/api/v1/session', payload: { email, password: PASSWORD } })
  if (response.statusCode !== 201) throw new Error(`sign-in answered ${response.statusCode}: ${response.body}`)
  const cookie = String(response.headers['set-cookie']).split(';')[0]!
  const { csrf_token } = response.json<{ csrf_token: string }>()
  return {
    user_id,
    email,
    cookie,
    csrf_token,
    headers: { cookie, 'x-csrf-token': csrf_token, 'x-workspace-id': String(workspace_id) },
  }
}
