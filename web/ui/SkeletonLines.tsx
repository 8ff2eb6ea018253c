import { Skeleton } from '@mantine/core'
import { range } from './range.ts'

type Props = {
  lines: number /** From the top of one to the top of the next, in pixels. */
  pitch?: number
  padding?: string | number
}

/** Grey lines of different lengths where text will be. */
export function SkeletonLines({ lines, pitch = 32, padding = 0 }: Props) {
  return (
    <div aria-hidden style={{ padding }}>
      {range(lines).map(line => (
        <div key={line} style={{ height: pitch, display: 'flex', alignItems: 'center' }}>
          <Skeleton height={11} width={`${88 - ((line * 23) % 45)}%`} />
        </div>
      ))}
    </div>
  )
}
