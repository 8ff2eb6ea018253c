import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Board, BoardColumn, BoardQuery } from '../../../../shared/leads.ts'
import { board as boardQuery, moveLead, readBoard } from '../../../api/leads.ts'
import type { Asked } from '../../../api/page.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import type { Closing } from '../Closing.tsx'
import { appendCards, moveCard, neighboursOf, type Place, replaceCard } from './moveCard.ts'

const FIRST_PAGE = 50
const AGAIN_MS = 15_000

type Move = { id: number; from: Place; to: Place; closing?: Closing }

/** The board as it is shown: a card lies where it was put at once, and goes back when the server refuses. */
export function useBoard(search: Asked<Pick<BoardQuery, 'pipeline_id' | 'assigned_to'>>, busy: boolean) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const query = boardQuery(workspace_id, search)
  const { data, error, refetch } = useQuery({
    ...query,
    // Not under somebody's hand, and not when further pages would be taken away.
    refetchInterval: ({ state }) => (busy || hasMore(state.data) ? false : AGAIN_MS),
    refetchOnWindowFocus: ({ state }) => !busy && !hasMore(state.data),
  })
  const change = (by: (board: Board) => Board) => queries.setQueryData(query.queryKey, board => board && by(board))
  const put = (id: number, to: Place) => change(board => moveCard(board, id, to))

  const move = useMutation({
    mutationFn: ({ id, to, closing }: Move) => {
      const board = queries.getQueryData(query.queryKey)!
      return moveLead(workspace_id, id, { status: to.status, ...neighboursOf(board, id), ...closing })
    },
    onMutate: async ({ id, to }) => {
      await queries.cancelQueries({ queryKey: query.queryKey })
      put(id, to)
    },
    onSuccess: lead => change(board => replaceCard(board, lead)),
    onError: (error, { id, from }) => {
      put(id, from)
      notifications.show({ color: 'red', title: 'The card went back', message: error.message })
    },
    onSettled: () =>
      queries.invalidateQueries({ queryKey: [workspace_id], predicate: ({ queryKey }) => queryKey[1] !== query.queryKey[1] }),
  })
  const more = useMutation({
    mutationFn: ({ status, next_cursor: cursor }: BoardColumn) => readBoard(workspace_id, { ...search, status, cursor: cursor! }),
    onSuccess: page => change(board => appendCards(board, page)),
    onError: error => notifications.show({ color: 'red', title: 'No more cards could be loaded', message: error.message }),
  })
  return {
    board: data,
    error: data ? null : error,
    retry: () => void refetch(),
    put,
    move: move.mutate,
    more: (column: BoardColumn) =>
      column.next_cursor !== null && !more.isPending && !more.isError ? () => more.mutate(column) : undefined,
  }
}

const hasMore = (board: Board | undefined) => board?.columns.some(({ data }) => data.length > FIRST_PAGE) ?? false
