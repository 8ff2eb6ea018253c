import { Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failure } from '../../../ui/Failure.tsx'
import { BehindDrawer } from './BehindDrawer.tsx'
import { DashboardToolbar } from './DashboardToolbar.tsx'
import type { DashboardProps, useAsked } from './scope.ts'
import './dashboard.css'

type Props<R> = DashboardProps & {
  scope: ReturnType<typeof useAsked>
  report: UseQueryResult<R>
  over_time?: boolean
  children: (report: R) => ReactNode
}

/** What all dashboards share: the toolbar, waiting, failing, and the people behind a bar. */
export function Dashboard<R>({ search, ask, scope: { asked, zone }, report, over_time, children }: Props<R>) {
  const { data, error, refetch, isPlaceholderData } = report
  return (
    <>
      <DashboardToolbar search={search} ask={ask} zone={zone} {...(over_time && { over_time })} />
      {error && <Failure error={error} retry={() => void refetch()} title="The report could not be read" />}
      {data === undefined && !error && <Skeleton height={300} w="auto" m="var(--edge)" />}
      {data !== undefined && !error && (
        <div className="dashboard" aria-busy={isPlaceholderData}>
          {children(data)}
        </div>
      )}
      <BehindDrawer search={search} ask={ask} asked={asked} />
    </>
  )
}
