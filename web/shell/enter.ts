import type { QueryClient } from '@tanstack/react-query'
import { redirect } from '@tanstack/react-router'
import type { Session } from '../../shared/workspaces.ts'
import { rights } from '../api/may.ts'
import { ApiError } from '../api/request.ts'
import { session } from '../api/session.ts'

/** Lets people who are signed in into their workspaces; everybody else goes where they can get in. */
export async function enter(queries: QueryClient, workspace_id: number, next: string) {
  const is_theirs = ({ workspaces }: Session) => workspaces.some(({ id }) => id === workspace_id)
  if (!is_theirs(await signedIn(queries, next)) && !is_theirs(await queries.fetchQuery({ ...session, staleTime: 0 })))
    throw redirect({ to: '/', replace: true })
  // Before the first screen, or its buttons and keys would come while somebody already begins. Without an answer it says what went wrong.
  await queries.ensureQueryData(rights(workspace_id)).catch(() => undefined)
}

/** The session, or off to the sign-in and from there to `next`. */
export async function signedIn(queries: QueryClient, next?: string) {
  try {
    return await queries.ensureQueryData(session)
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) throw redirect({ to: '/sign-in', search: { next } })
    throw error
  }
}
