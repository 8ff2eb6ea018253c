import { Skeleton } from '@mantine/core'
import { range } from '../../ui/range.ts'

export function TimelineSkeleton() {
  return (
    <div aria-hidden>
      {range(9).map(line => (
        <div key={line} style={{ display: 'flex', gap: 14, alignItems: 'center', height: 38 }}>
          <Skeleton height={26} circle />
          <Skeleton height={10} width={`${60 - ((line * 17) % 35)}%`} />
        </div>
      ))}
    </div>
  )
}
