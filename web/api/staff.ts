import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { Staff } from '../../shared/staff.ts'
import { request } from './request.ts'

/** Everybody who can be booked, and when. */
export const staff = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/staff'],
    queryFn: ({ signal }) => request<Static<typeof Staff>>('/staff', { workspace_id, signal }),
    staleTime: 60_000,
  })
