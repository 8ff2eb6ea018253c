import { Loader } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { useEffect } from 'react'
import type { List } from './list.ts'

/** The end of what was loaded: coming near loads more, until there is no more. */
export function InfiniteEnd<T>({ list: { more, complete }, end }: { list: List<T>; end: string }) {
  const { ref, entry } = useIntersection({ rootMargin: '600px' })
  const near = entry?.isIntersecting ?? false
  useEffect(() => {
    if (near) more?.()
  }, [near, more])
  return (
    <div ref={ref} style={{ display: 'grid', placeItems: 'center', minHeight: 56, color: 'var(--muted)', fontSize: 12 }}>
      {complete ? end : <Loader size="xs" color="gray" />}
    </div>
  )
}
