import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBuildingStore, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Provider } from '../../../../shared/intake.ts'
import { providers } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { useList } from '../../../ui/list.ts'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { VirtualTable } from '../../../ui/VirtualTable.tsx'
import { CompactProvider, columns } from './columns.tsx'
import { NewProvider } from './NewProvider.tsx'

const route = getRouteApi('/w/$workspaceId/providers')

/** The companies that send leads, and how many. */
export function ProvidersScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const navigate = route.useNavigate()
  const may_add = useMay('admin')
  const [adding, add] = useDisclosure()
  const list = useList(useInfiniteQuery(providers(workspace_id)))
  const open = ({ provider_id }: Pick<Provider, 'provider_id'>) =>
    navigate({ to: '/w/$workspaceId/providers/$providerId', params: { providerId: provider_id } })
  return (
    <>
      <PageHead title="Providers" note={list.complete && list.rows.length ? count(list.rows.length, 'provider') : undefined}>
        {may_add && list.rows.length > 0 && (
          <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
            Add provider
          </Button>
        )}
      </PageHead>
      <VirtualTable
        label="Providers"
        list={list}
        columns={columns}
        row_key={({ provider_id }) => provider_id}
        row_height={60}
        open={open}
        compact={provider => <CompactProvider provider={provider} />}
        empty={
          <Empty
            icon={IconBuildingStore}
            title="No providers yet"
            actions={may_add && <Button onClick={add.open}>Add provider</Button>}
          >
            A provider is a company that sells or sends you leads. With a key of its own you see how many it sends and how many
            are any good, and you can limit it or turn it off without touching the others.
          </Empty>
        }
      />
      <NewProvider opened={adding} onClose={add.close} onDone={open} />
    </>
  )
}
