import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconTags } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import { contacts } from '../../api/contacts.ts'
import { useMay } from '../../api/may.ts'
import { workspace } from '../../api/workspaces.ts'
import { useList } from '../../ui/list.ts'
import { count } from '../../ui/numbers.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { VirtualTable } from '../../ui/VirtualTable.tsx'
import { TagsDialog } from '../tags/TagsDialog.tsx'
import { CompactContact, columns } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { NewContact } from './NewContact.tsx'
import { NoContacts } from './NoContacts.tsx'

const route = getRouteApi('/w/$workspaceId/contacts')

export function ContactsScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [creating, create] = useDisclosure()
  const [tagging, tags] = useDisclosure()
  const may_change = useMay('update')
  const list = useList(useInfiniteQuery({ ...contacts(workspace_id, search), placeholderData: keepPreviousData }))
  const { data: about } = useQuery(workspace(workspace_id))

  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  const open = ({ id }: Contact) =>
    navigate({ to: '/w/$workspaceId/contacts/$contactId', params: { contactId: String(id) }, search: {} })
  const filtered = Boolean(
    search.q || search.stage || search.segment || search.tag || search.is_member !== undefined || search.country_code,
  )

  const total = list.complete ? list.rows.length : about && !filtered ? about.contacts : undefined
  const note = total
    ? `${list.complete ? '' : 'about '}${count(total, filtered ? 'match' : 'contact', filtered ? 'matches' : 'contacts')}`
    : undefined

  return (
    <>
      <PageHead title="Contacts" note={note}>
        {may_change && (
          <Button variant="default" leftSection={<IconTags size={16} stroke={1.6} />} onClick={tags.open}>
            Tags
          </Button>
        )}
        <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
          New contact
        </Button>
      </PageHead>
      <Filters search={search} ask={ask} />
      <VirtualTable
        label="Contacts"
        list={list}
        columns={columns}
        row_key={contact => contact.id}
        open={open}
        compact={contact => <CompactContact contact={contact} />}
        sorting={{ by: search.sort ?? '-last_visit', change: sort => ask({ sort: sort as typeof search.sort }) }}
        empty={<NoContacts filtered={filtered} clear={() => navigate({ search: { sort: search.sort } })} create={create.open} />}
      />
      <TagsDialog opened={tagging} onClose={tags.close} />
      <NewContact opened={creating} onClose={create.close} onCreated={open} />
    </>
  )
}
