import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileUpload, IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Lead, LeadSort } from '../../../../shared/leads.ts'
import { offered } from '../../../api/fields.ts'
import { leads } from '../../../api/leads.ts'
import { useMay } from '../../../api/may.ts'
import { useWhose } from '../../../api/whose.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { SettingsLink } from '../../../shell/SettingsLink.tsx'
import { useList } from '../../../ui/list.ts'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { useSelection } from '../../../ui/useSelection.ts'
import { VirtualTable } from '../../../ui/VirtualTable.tsx'
import { fieldColumn } from '../../fields/fieldColumn.tsx'
import { ExportMenu } from '../../transfers/ExportMenu.tsx'
import { useEverything } from '../../transfers/useEverything.ts'
import { ViewsMenu } from '../../views/ViewsMenu.tsx'
import { leadName } from '../words.ts'
import { CompactLead, columns } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { NewLead } from './NewLead.tsx'
import { NoLeads } from './NoLeads.tsx'
import { SelectionBar } from './SelectionBar.tsx'
import './inbox.css'

const route = getRouteApi('/w/$workspaceId/leads')

const AGAIN_MS = 10_000

/** Everything that came in, what nobody has touched yet in bold. */
export function InboxScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const { saved, ...search } = route.useSearch()
  const meant = { ...search, assigned_to: useWhose()(search.assigned_to) }
  const navigate = route.useNavigate()
  const may_work = useMay('work')
  const [creating, create] = useDisclosure()
  const list = useList(
    useInfiniteQuery({
      ...leads(workspace_id, meant),
      placeholderData: keepPreviousData,
      // Somebody who is far down works there, and is not waiting for what comes next.
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : AGAIN_MS),
    }),
  )
  const selection = useSelection({ rows: list.rows, row_key: ({ id }) => id, label: lead => `Choose ${leadName(lead)}` })
  const everything = useEverything(selection, meant, list)
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, saved, ...change }, replace: true })
  const open = ({ id }: Pick<Lead, 'id'>) =>
    navigate({ to: '/w/$workspaceId/leads/$leadId', params: { leadId: String(id) }, search: {} })
  const { sort, ...asked } = search
  const shown = useSortedColumn(sort)
  const filtered = Object.values(asked).some(value => value !== undefined)
  const note = list.complete && list.rows.length ? count(list.rows.length, 'lead') : undefined

  return (
    <>
      <PageHead title="Leads" note={note}>
        <ViewsMenu screen="leads" search={{ ...search, saved }} open={state => navigate({ search: state as typeof search })} />
        <SettingsLink label="Lead settings" to="/w/$workspaceId/lead-settings" />
        {may_work && (
          <Button
            variant="default"
            visibleFrom="sm"
            leftSection={<IconFileUpload size={16} stroke={1.6} />}
            renderRoot={props => (
              <Link
                {...props}
                to="/w/$workspaceId/imports"
                params={{ workspaceId: String(workspace_id) }}
                search={{ of: 'leads' }}
              />
            )}
          >
            Import
          </Button>
        )}
        <ExportMenu of="leads" search={meant} />
        {may_work && (
          <>
            <Button className="inbox-new" leftSection={<IconPlus size={16} />} onClick={create.open}>
              New lead
            </Button>
            <Tooltip label="New lead">
              <ActionIcon className="inbox-new-small" size={36} aria-label="New lead" onClick={create.open}>
                <IconPlus size={17} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
      </PageHead>
      {selection.rows.length ? (
        <SelectionBar selection={selection} everything={everything} />
      ) : (
        <Filters search={search} ask={ask} rows={list.rows} />
      )}
      <VirtualTable
        label="Leads"
        list={list}
        columns={shown}
        row_key={lead => lead.id}
        open={open}
        compact={lead => <CompactLead lead={lead} />}
        sorting={{ by: sort ?? '-created_at', change: by => ask({ sort: by as typeof sort }) }}
        {...(may_work && { selection })}
        empty={<NoLeads filtered={filtered} clear={() => navigate({ search: { sort } })} create={create.open} />}
      />
      <NewLead opened={creating} onClose={create.close} onCreated={open} />
    </>
  )
}

/** What leads are sorted by is to be seen, a field of the workspace's own too. */
function useSortedColumn(sort: LeadSort | undefined) {
  const { data: own = [] } = useQuery(offered(useWorkspaceId(), 'lead'))
  const field = own.find(({ key }) => sort?.replace('-', '') === `custom.${key}`)
  return field ? columns.toSpliced(-2, 0, fieldColumn<Lead>(field)) : columns
}
