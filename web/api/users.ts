import { queryOptions } from '@tanstack/react-query'
import type { User } from '../../shared/users.ts'
import type { Page } from './page.ts'
import { request } from './request.ts'

/** Everybody who works in the workspace. */
export const users = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/users'],
    queryFn: ({ signal }) => request<Pick<Page<User>, 'data'>>('/users', { workspace_id, signal }),
    staleTime: 60_000,
  })
