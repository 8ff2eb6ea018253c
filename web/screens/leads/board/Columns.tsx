import { DragDropContext, type DropResult } from '@hello-pangea/dnd'
import { Select } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Board, Lead } from '../../../../shared/leads.ts'
import type { Stage } from '../../../../shared/pipelines.ts'
import { whole } from '../../../ui/numbers.ts'
import { asksMore, ClosingDialog } from '../Closing.tsx'
import { leadName } from '../words.ts'
import { Column } from './Column.tsx'
import { type Place, placeOf } from './moveCard.ts'
import type { useBoard } from './useBoard.ts'

type Props = {
  board: Board
  shown: ReturnType<typeof useBoard>
  /** On a narrow screen: this column alone. */
  only: string | undefined
  choose: (status: string) => void
  setBusy: (busy: boolean) => void
}
type Asked = { lead: Lead; stage: Stage; from: Place; to: Place }

/** The cards can be dragged with a mouse, a finger and the keyboard (Space, arrows, Space); each has a menu for the same. */
export function Columns({ board, shown, only, choose, setBusy }: Props) {
  const [asked, ask] = useState<Asked>()
  const go = (lead: Lead, to: Place) => {
    const from = placeOf(board, lead.id)
    const column = board.columns.find(({ status }) => status === to.status)
    if (!from || !column || (from.status === to.status && from.index === to.index)) return
    const stage = { key: column.status, name: column.name, kind: column.kind, leads: column.leads }
    if (!asksMore(lead, stage)) return shown.move({ id: lead.id, from, to })
    shown.put(lead.id, to)
    setBusy(true)
    ask({ lead, stage, from, to })
  }
  const drop = ({ draggableId, destination }: DropResult) => {
    setBusy(false)
    const lead = board.columns.flatMap(({ data }) => data).find(({ id }) => String(id) === draggableId)
    if (lead && destination) go(lead, { status: destination.droppableId, index: destination.index })
  }
  const answer = () => {
    setBusy(false)
    ask(undefined)
  }
  const columns = only === undefined ? board.columns : board.columns.filter(({ status }) => status === only)
  const swipe = useSwipe(by => {
    const at = board.columns.findIndex(({ status }) => status === only)
    const next = board.columns[at + by]
    if (next) choose(next.status)
  })
  return (
    <DragDropContext
      onDragStart={({ draggableId }, { announce }) => {
        setBusy(true)
        announce(`You have lifted ${nameIn(board, draggableId)}. Arrow keys move it, Space puts it down, Escape takes it back.`)
      }}
      onDragUpdate={({ destination }, { announce }) => {
        const column = board.columns.find(({ status }) => status === destination?.droppableId)
        announce(column ? `${column.name}, position ${destination!.index + 1}` : 'Not above a column')
      }}
      onDragEnd={drop}
    >
      {only !== undefined && (
        <div className="board-chooser">
          <Select
            aria-label="Column"
            allowDeselect={false}
            data={board.columns.map(({ status, name, leads }) => ({ value: status, label: `${name} (${whole(leads)})` }))}
            value={only}
            onChange={status => status && choose(status)}
          />
        </div>
      )}
      <div className="board" {...(only !== undefined && swipe)}>
        <div className="board-columns">
          {columns.map(column => (
            <Column
              key={column.status}
              column={column}
              all={board.columns}
              more={shown.more(column)}
              move={(lead, status) => go(lead, { status, index: 0 })}
            />
          ))}
        </div>
      </div>
      <ClosingDialog
        asked={asked}
        onClose={() => {
          if (asked) shown.put(asked.lead.id, asked.from)
          answer()
        }}
        confirm={closing => {
          const { lead, from, to } = asked!
          shown.move({ id: lead.id, from, to, closing })
          answer()
        }}
      />
    </DragDropContext>
  )
}

function nameIn(board: Board, id: string) {
  const lead = board.columns.flatMap(({ data }) => data).find(lead => String(lead.id) === id)
  return lead ? leadName(lead) : 'the card'
}

const FAR = 60

/** A finger that went far sideways and hardly up or down: 1 for the next, -1 for the one before. */
function useSwipe(go: (by: number) => void) {
  const from = useRef<{ x: number; y: number }>(undefined)
  return {
    onTouchStart: ({ touches }: React.TouchEvent) => {
      const touch = touches[0]
      from.current = touch && { x: touch.clientX, y: touch.clientY }
    },
    onTouchEnd: ({ changedTouches, defaultPrevented }: React.TouchEvent) => {
      const touch = changedTouches[0]
      if (!touch || !from.current || defaultPrevented) return
      const [x, y] = [touch.clientX - from.current.x, touch.clientY - from.current.y]
      if (Math.abs(x) > FAR && Math.abs(x) > 2 * Math.abs(y)) go(x < 0 ? 1 : -1)
    },
  }
}
