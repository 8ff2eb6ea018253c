import type { Board, Lead, LeadMove } from '../../../../shared/leads.ts'

export type Place = { status: string; index: number }

/** Where a card is on the board; undefined when it is not among those that were loaded. */
export function placeOf(board: Board, id: number): Place | undefined {
  for (const { status, data } of board.columns) {
    const index = data.findIndex(lead => lead.id === id)
    if (index >= 0) return { status, index }
  }
  return undefined
}

/** The board with a card somewhere else, with the counts and sums of both columns. */
export function moveCard(board: Board, id: number, to: Place): Board {
  const from = placeOf(board, id)
  const target = board.columns.find(({ status }) => status === to.status)
  if (!from || !target) return board
  const lead = board.columns.find(({ status }) => status === from.status)!.data[from.index]!
  const moved: Lead = { ...lead, status: target.status, status_name: target.name, kind: target.kind }
  const sum = lead.revenue_potential ?? 0
  return {
    ...board,
    columns: board.columns.map(column => {
      const leaves = column.status === from.status
      const comes = column.status === to.status
      if (!leaves && !comes) return column
      const data = column.data.filter(card => card.id !== id)
      if (comes) data.splice(to.index, 0, moved)
      const by = Number(comes) - Number(leaves)
      return { ...column, data, leads: column.leads + by, revenue_potential: cents(column.revenue_potential + by * sum) }
    }),
  }
}

/** Between which cards it lies: what the server is asked for. */
export function neighboursOf(board: Board, id: number): Pick<LeadMove, 'below_id' | 'above_id'> {
  const place = placeOf(board, id)
  const data = board.columns.find(({ status }) => status === place?.status)?.data ?? []
  return { below_id: data[place!.index - 1]?.id ?? null, above_id: data[place!.index + 1]?.id ?? null }
}

/** The same card as the server has it now, where it lies. */
export function replaceCard(board: Board, lead: Lead): Board {
  return {
    ...board,
    columns: board.columns.map(column => ({
      ...column,
      data: column.data.map(card => (card.id === lead.id && column.status === lead.status ? lead : card)),
    })),
  }
}

/** The next cards of a column below those that are there. What was moved there meanwhile is not shown twice. */
export function appendCards(board: Board, more: Board): Board {
  const [next] = more.columns
  return {
    ...board,
    columns: board.columns.map(column => {
      if (column.status !== next?.status) return column
      const known = new Set(board.columns.flatMap(({ data }) => data.map(({ id }) => id)))
      return { ...column, data: [...column.data, ...next.data.filter(({ id }) => !known.has(id))], next_cursor: next.next_cursor }
    }),
  }
}

const cents = (sum: number) => Math.round(sum * 100) / 100
