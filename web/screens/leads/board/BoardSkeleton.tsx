import { Skeleton } from '@mantine/core'
import { range } from '../../../ui/range.ts'

export function BoardSkeleton() {
  return (
    <div className="board" aria-busy>
      <div className="board-columns">
        {range(5).map(column => (
          <div key={column} className="board-column">
            <Skeleton height={14} width="55%" mb={16} mt={4} />
            {range(4 - (column % 3)).map(card => (
              <Skeleton key={card} height={76} mb={8} radius="md" />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}
