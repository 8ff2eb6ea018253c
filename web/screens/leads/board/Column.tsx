import { Draggable, Droppable } from '@hello-pangea/dnd'
import { useQuery } from '@tanstack/react-query'
import type { BoardColumn, Lead } from '../../../../shared/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'
import { InfiniteEnd } from '../../../ui/InfiniteEnd.tsx'
import { count, money } from '../../../ui/numbers.ts'
import { useMayChange } from '../useUsers.ts'
import { Card } from './Card.tsx'

type Props = {
  column: BoardColumn
  all: BoardColumn[]
  more: (() => void) | undefined
  move: (lead: Lead, status: string) => void
}

export function Column({ column, all, more, move }: Props) {
  const { data: about } = useQuery(workspace(useWorkspaceId()))
  const mayChange = useMayChange()
  const { status, name, kind, data, leads, revenue_potential, next_cursor } = column
  return (
    <section className="board-column" aria-label={name}>
      <header className="board-column-head">
        <h2 className="cut" data-kind={kind}>
          {name}
        </h2>
        <span className="number muted" title={count(leads, 'lead')}>
          {leads}
        </span>
        {revenue_potential > 0 && (
          <span className="board-column-sum number" title="What they may bring">
            {money(revenue_potential, about?.currency ?? 'USD')}
          </span>
        )}
      </header>
      <Droppable droppableId={status}>
        {(drop, { isDraggingOver }) => (
          <ul ref={drop.innerRef} {...drop.droppableProps} className="board-cards" data-over={isDraggingOver || undefined}>
            {data.map((lead, index) => (
              <Draggable key={lead.id} draggableId={String(lead.id)} index={index} isDragDisabled={!mayChange(lead)}>
                {(drag, { isDragging }) => (
                  <Card
                    lead={lead}
                    drag={drag}
                    dragged={isDragging}
                    stages={all}
                    move={mayChange(lead) ? status => move(lead, status) : undefined}
                  />
                )}
              </Draggable>
            ))}
            {drop.placeholder}
          </ul>
        )}
      </Droppable>
      {next_cursor !== null && (
        <InfiniteEnd
          list={{ rows: data, more, complete: false, pending: false, stale: false, error: null, retry: () => undefined }}
          end=""
        />
      )}
    </section>
  )
}
