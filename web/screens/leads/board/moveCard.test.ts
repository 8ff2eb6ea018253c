import { expect, test } from 'vitest'
import type { Board, Lead } from '../../../../shared/leads.ts'
import { appendCards, moveCard, neighboursOf, placeOf, replaceCard } from './moveCard.ts'

const card = (id: number, status: string, revenue_potential: number | null = null) => ({ id, status, revenue_potential }) as Lead

const board = {
  pipeline_id: 1,
  name: 'Leads',
  columns: [
    {
      status: 'new',
      name: 'New',
      kind: 'open',
      leads: 5,
      revenue_potential: 0.3,
      data: [card(1, 'new', 0.1), card(2, 'new', 0.2), card(3, 'new')],
      next_cursor: 'next',
    },
    { status: 'won', name: 'Won', kind: 'won', leads: 1, revenue_potential: 50, data: [card(9, 'won', 50)], next_cursor: null },
  ],
} as Board

const ids = ({ columns }: Board) => columns.map(({ data }) => data.map(({ id }) => id))

test('a card that goes to another column takes its share of the count and the sum along', () => {
  const moved = moveCard(board, 2, { status: 'won', index: 1 })
  expect(ids(moved)).toEqual([
    [1, 3],
    [9, 2],
  ])
  expect(moved.columns.map(({ leads, revenue_potential }) => [leads, revenue_potential])).toEqual([
    [4, 0.1],
    [2, 50.2],
  ])
  expect(moved.columns[1]!.data[1]).toMatchObject({ status: 'won', status_name: 'Won', kind: 'won' })
  expect(moveCard(moved, 2, { status: 'new', index: 1 }).columns.map(({ leads }) => leads)).toEqual([5, 1])
  expect(ids(board), 'what was shown before stays, to go back to').toEqual([[1, 2, 3], [9]])
})

test('a card that changes places within a column changes no count', () => {
  const moved = moveCard(board, 1, { status: 'new', index: 2 })
  expect(ids(moved)[0]).toEqual([2, 3, 1])
  expect(moved.columns[0]).toMatchObject({ leads: 5, revenue_potential: 0.3 })
})

test('names the cards above and below, and nothing where there is none', () => {
  expect(neighboursOf(board, 2)).toEqual({ below_id: 1, above_id: 3 })
  expect(neighboursOf(board, 1)).toEqual({ below_id: null, above_id: 2 })
  expect(neighboursOf(board, 9)).toEqual({ below_id: null, above_id: null })
  expect(placeOf(board, 7)).toBe(undefined)
})

test('the next page of a column comes below it, without what was moved there meanwhile', () => {
  const page = { ...board, columns: [{ ...board.columns[0]!, data: [card(4, 'new'), card(9, 'new')], next_cursor: null }] }
  const longer = appendCards(board, page)
  expect(ids(longer)).toEqual([[1, 2, 3, 4], [9]])
  expect(longer.columns.map(({ next_cursor }) => next_cursor)).toEqual([null, null])
})

test('the answer of the server replaces a card only where it still lies', () => {
  const answered = card(1, 'new', 7)
  expect(replaceCard(board, answered).columns[0]!.data[0]).toBe(answered)
  expect(replaceCard(moveCard(board, 1, { status: 'won', index: 0 }), answered).columns[1]!.data[0]).not.toBe(answered)
})
