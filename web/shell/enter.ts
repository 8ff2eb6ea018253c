import type { QueryClient } from '@tanstack/react-query'
import { redirect } from '@tanstack/react-router'
import { ApiError } from '../api/request.ts'
import { session } from '../api/session.ts'

/** Lets people who are signed in into their workspaces; everybody else goes where they can get in. */
export async function enter(queries: QueryClient, workspace_id: number, next: string) {
  const { workspaces } = await signedIn(queries, next)
  if (workspaces.some(({ id }) => id === workspace_id)) return
  const newest = await queries.fetchQuery({ ...session, staleTime: 0 })
  if (!newest.workspaces.some(({ id }) => id === workspace_id)) throw redirect({ to: '/', replace: true })
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
