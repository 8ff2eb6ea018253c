import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCoins, IconPlus, IconSearchOff } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Conversion } from '../../../shared/conversions.ts'
import { conversions } from '../../api/conversions.ts'
import { useMay } from '../../api/may.ts'
import { Empty } from '../../ui/Empty.tsx'
import { useList } from '../../ui/list.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { VirtualTable } from '../../ui/VirtualTable.tsx'
import { ExportMenu } from '../transfers/ExportMenu.tsx'
import { CompactConversion, columns } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { NewConversion } from './NewConversion.tsx'
import { Totals } from './Totals.tsx'
import './conversions.css'

const route = getRouteApi('/w/$workspaceId/conversions')

const AGAIN_MS = 15_000

/** What was won, and what of it went back. */
export function ConversionsScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const may_add = useMay('update')
  const [adding, add] = useDisclosure()
  const list = useList(
    useInfiniteQuery({
      ...conversions(workspace_id, search),
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : AGAIN_MS),
    }),
  )
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  const { sort, ...asked } = search
  const filtered = Object.values(asked).some(value => value !== undefined)
  const open = ({ id }: Pick<Conversion, 'id'>) =>
    navigate({ to: '/w/$workspaceId/conversions/$conversionId', params: { conversionId: String(id) } })
  return (
    <>
      <PageHead title="Conversions">
        <ExportMenu of="conversions" search={search} />
        {may_add && (
          <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
            Add conversion
          </Button>
        )}
      </PageHead>
      <Totals type={search.type} />
      <Filters search={search} ask={ask} />
      <VirtualTable
        label="Conversions"
        list={list}
        columns={columns}
        row_key={conversion => conversion.id}
        open={open}
        compact={conversion => <CompactConversion conversion={conversion} />}
        sorting={{ by: sort ?? '-converted_at', change: by => ask({ sort: by as typeof sort }) }}
        empty={
          filtered ? (
            <Empty
              icon={IconSearchOff}
              title="No conversion fits these filters"
              actions={
                <Button variant="default" onClick={() => navigate({ search: { sort } })}>
                  Show all conversions
                </Button>
              }
            >
              Take one of them away, or look at a longer time.
            </Empty>
          ) : (
            <Empty
              icon={IconCoins}
              title="Nothing was won yet"
              actions={
                may_add && (
                  <Button variant="default" onClick={add.open}>
                    Add one by hand
                  </Button>
                )
              }
            >
              A conversion comes of a lead that is won, of a purchase or a booking that the tracker sees, or of your own system by
              the API. It raises the value of its contact and of its lead.
            </Empty>
          )
        }
      />
      <NewConversion opened={adding} onClose={add.close} onCreated={open} />
    </>
  )
}
