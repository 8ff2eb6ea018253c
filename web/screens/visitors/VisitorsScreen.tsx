import { Button, SegmentedControl } from '@mantine/core'
import { IconFootsteps, IconSearchOff } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Visitor } from '../../../shared/visitors.ts'
import { visitors } from '../../api/visitors.ts'
import { Empty } from '../../ui/Empty.tsx'
import { useList } from '../../ui/list.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { VirtualTable } from '../../ui/VirtualTable.tsx'
import { ExportMenu } from '../transfers/ExportMenu.tsx'
import { CompactVisitor, columns } from './columns.tsx'

const route = getRouteApi('/w/$workspaceId/visitors')

export function VisitorsScreen() {
  const params = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = visitors(Number(params.workspaceId), search)
  const list = useList(useInfiniteQuery({ ...query, placeholderData: keepPreviousData, refetchInterval: 30_000 }))
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  const open = ({ id }: Visitor) =>
    navigate({ to: '/w/$workspaceId/visitors/$visitorId', params: { visitorId: String(id) }, search: {} })
  const filtered = Boolean(search.q || search.anonymous !== undefined || search.country_code)

  return (
    <>
      <PageHead title="Visitors" note="Everyone who came, newest first">
        <ExportMenu of="visitors" search={search} />
      </PageHead>
      <search className="toolbar">
        <SearchField label="Search by distinct_id" value={search.q} onChange={q => ask({ q })} />
        <SegmentedControl
          aria-label="Which visitors"
          data={[
            { value: 'all', label: 'All' },
            { value: 'true', label: 'Anonymous' },
            { value: 'false', label: 'Contacts' },
          ]}
          value={search.anonymous === undefined ? 'all' : String(search.anonymous)}
          onChange={value => ask({ anonymous: value === 'all' ? undefined : value === 'true' })}
        />
      </search>
      <VirtualTable
        label="Visitors"
        list={list}
        columns={columns}
        row_key={visitor => visitor.id}
        open={open}
        compact={visitor => <CompactVisitor visitor={visitor} />}
        empty={filtered ? <NoneFits clear={() => navigate({ search: {} })} /> : <NobodyCame workspaceId={params.workspaceId} />}
      />
    </>
  )
}

function NoneFits({ clear }: { clear: () => void }) {
  return (
    <Empty
      icon={IconSearchOff}
      title="No visitor fits this search"
      actions={
        <Button variant="default" onClick={clear}>
          Show all visitors
        </Button>
      }
    >
      Visitors are searched by the beginning of their distinct_id. People with a name are under Contacts.
    </Empty>
  )
}

function NobodyCame({ workspaceId }: { workspaceId: string }) {
  return (
    <Empty
      icon={IconFootsteps}
      title="Nobody has come yet"
      actions={
        <Button renderRoot={props => <Link to="/w/$workspaceId/setup" params={{ workspaceId }} {...props} />}>
          Set up your site
        </Button>
      }
    >
      Put the snippet into your pages, and everyone who opens one appears here within a second.
    </Empty>
  )
}
