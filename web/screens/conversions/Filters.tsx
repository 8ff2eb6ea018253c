import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ConversionsQuery } from '../../../shared/conversions.ts'
import type { Asked } from '../../api/page.ts'
import { conversionReport } from '../../api/reports.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { TimeFilter } from '../../ui/TimeFilter.tsx'
import { READY_TYPES, SOURCES, STATUSES, typeName } from './words.ts'

export type Search = Asked<Pick<ConversionsQuery, 'type' | 'status' | 'source' | 'since' | 'until' | 'sort'>>

export function Filters({ search, ask }: { search: Search; ask: (change: Search) => void }) {
  const types = useTypes(search.type)
  return (
    <search className="toolbar">
      <Select
        aria-label="Type"
        placeholder="Any type"
        clearable
        searchable
        w={150}
        data={types.map(type => ({ value: type, label: typeName(type) }))}
        value={search.type ?? null}
        onChange={type => ask({ type: type ?? undefined })}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        w={140}
        data={Object.entries(STATUSES).map(([value, { label }]) => ({ value, label }))}
        value={search.status ?? null}
        onChange={status => ask({ status: (status as Search['status']) ?? undefined })}
      />
      <Select
        aria-label="Came by"
        placeholder="Came by any way"
        clearable
        w={170}
        data={Object.entries(SOURCES).map(([value, label]) => ({ value, label }))}
        value={search.source ?? null}
        onChange={source => ask({ source: (source as Search['source']) ?? undefined })}
      />
      <TimeFilter search={search} ask={ask} />
    </search>
  )
}

/** The ready ones, those of one's own that occurred lately, and the one that is asked for. */
export function useTypes(asked?: string | undefined) {
  const { data } = useQuery(conversionReport(useWorkspaceId(), { by: 'type' }))
  return [...new Set([...READY_TYPES, ...(data?.groups ?? []).map(({ value }) => value), ...(asked ? [asked] : [])])]
}
