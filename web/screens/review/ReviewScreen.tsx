import { Skeleton } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { reviews } from '../../api/identity.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import { useList } from '../../ui/list.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { range } from '../../ui/range.ts'
import { ReviewCard } from './ReviewCard.tsx'
import './review.css'

const route = getRouteApi('/w/$workspaceId/review')

export function ReviewScreen() {
  const list = useList(useInfiniteQuery(reviews(Number(route.useParams().workspaceId))))
  return (
    <>
      <PageHead title="Review" note="Who is who, where only you can tell" />
      <div className="review" aria-busy={list.pending}>
        {list.error && <Failure error={list.error} retry={list.retry} />}
        {list.pending && range(3).map(row => <Skeleton key={row} height={150} radius="lg" mb="md" />)}
        {!list.pending && !list.error && !list.rows.length && (
          <Empty icon={IconChecks} title="Nothing to decide">
            When two contacts look like one person, or a device is shared by two, you find it here. Nothing merges without you.
          </Empty>
        )}
        {list.rows.map(review => (
          <ReviewCard key={`${review.kind}-${review.id}`} review={review} />
        ))}
        {list.rows.length > 0 && !list.complete && <InfiniteEnd list={list} end="" />}
      </div>
    </>
  )
}
