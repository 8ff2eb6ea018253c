import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileUpload, IconPlus, IconTags } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import { contacts } from '../../api/contacts.ts'
import { useMay } from '../../api/may.ts'
import { useWhose } from '../../api/whose.ts'
import { workspace } from '../../api/workspaces.ts'
import { useList } from '../../ui/list.ts'
import { count } from '../../ui/numbers.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { useSelection } from '../../ui/useSelection.ts'
import { VirtualTable } from '../../ui/VirtualTable.tsx'
import { TagsDialog } from '../tags/TagsDialog.tsx'
import { ContactBar } from '../transfers/ContactBar.tsx'
import { ExportMenu } from '../transfers/ExportMenu.tsx'
import { useEverything } from '../transfers/useEverything.ts'
import { ViewsMenu } from '../views/ViewsMenu.tsx'
import { ColumnsMenu } from './ColumnsMenu.tsx'
import { CompactContact } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { NewContact } from './NewContact.tsx'
import { NoContacts } from './NoContacts.tsx'
import { columnsText, useColumns } from './useColumns.tsx'

const route = getRouteApi('/w/$workspaceId/contacts')

export function ContactsScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const search = route.useSearch()
  const { saved: _, columns: wanted, ...said } = search
  const asked = { ...said, owner_id: useWhose()(said.owner_id) || undefined }
  const columns = useColumns(wanted)
  const navigate = route.useNavigate()
  const [creating, create] = useDisclosure()
  const [tagging, tags] = useDisclosure()
  const may_change = useMay('update')
  const list = useList(useInfiniteQuery({ ...contacts(workspace_id, asked), placeholderData: keepPreviousData }))
  const { data: about } = useQuery(workspace(workspace_id))

  const selection = useSelection({
    rows: list.rows,
    row_key: ({ id }) => id,
    label: ({ id, name, email }) => `Choose ${name ?? email ?? id}`,
  })
  const everything = useEverything(selection, asked, list)

  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  const open = ({ id }: Contact) =>
    navigate({ to: '/w/$workspaceId/contacts/$contactId', params: { contactId: String(id) }, search: {} })
  const filtered = Boolean(
    search.q ||
      search.stage ||
      search.segment ||
      search.tag ||
      search.is_member !== undefined ||
      search.country_code ||
      asked.owner_id ||
      search.rule ||
      search.archived,
  )

  const total = list.complete ? list.rows.length : about && !filtered ? about.contacts : undefined
  const note = total
    ? `${list.complete ? '' : 'about '}${count(total, filtered ? 'match' : 'contact', filtered ? 'matches' : 'contacts')}`
    : undefined

  return (
    <>
      <PageHead title="Contacts" note={note}>
        <ViewsMenu screen="contacts" search={search} open={state => navigate({ search: state as typeof search })} />
        {may_change && (
          <Button variant="default" visibleFrom="sm" leftSection={<IconTags size={16} stroke={1.6} />} onClick={tags.open}>
            Tags
          </Button>
        )}
        {may_change && (
          <Button
            variant="default"
            visibleFrom="sm"
            leftSection={<IconFileUpload size={16} stroke={1.6} />}
            renderRoot={props => <Link {...props} to="/w/$workspaceId/imports" params={{ workspaceId: String(workspace_id) }} />}
          >
            Import
          </Button>
        )}
        <ExportMenu of="contacts" search={asked} />
        <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
          New contact
        </Button>
      </PageHead>
      {selection.rows.length ? (
        <ContactBar selection={selection} everything={everything} archived={search.archived === true} />
      ) : (
        <Filters
          search={search}
          ask={ask}
          end={
            <ColumnsMenu
              all={columns.all}
              shown={columns.shown.map(({ key }) => key)}
              set={shown => ask({ columns: columnsText(shown) })}
            />
          }
        />
      )}
      <VirtualTable
        label="Contacts"
        list={list}
        columns={columns.shown}
        row_key={contact => contact.id}
        open={open}
        compact={contact => <CompactContact contact={contact} />}
        {...(may_change && { selection })}
        sorting={{ by: search.sort ?? '-last_visit', change: sort => ask({ sort: sort as typeof search.sort }) }}
        empty={
          <NoContacts
            filtered={filtered}
            clear={() => navigate({ search: { sort: search.sort, columns: wanted } })}
            create={create.open}
          />
        }
      />
      <TagsDialog opened={tagging} onClose={tags.close} />
      <NewContact opened={creating} onClose={create.close} onCreated={open} />
    </>
  )
}
