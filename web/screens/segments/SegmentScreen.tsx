import { Button, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTag, IconUsersGroup } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contact } from '../../../shared/contacts.ts'
import type { Segment } from '../../../shared/segments.ts'
import { useMay } from '../../api/may.ts'
import { deleteSegment, segment, segmentContacts, updateSegment } from '../../api/segments.ts'
import { useDelete } from '../../api/useDelete.ts'
import { useSetting } from '../../api/useSetting.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { useList } from '../../ui/list.ts'
import { count, whole } from '../../ui/numbers.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { VirtualTable } from '../../ui/VirtualTable.tsx'
import { CompactContact, columns } from '../contacts/columns.tsx'
import { ExportButton } from '../transfers/ExportMenu.tsx'
import { TagMany } from '../transfers/TagMany.tsx'
import { useBulk } from '../transfers/useBulk.ts'
import { SegmentForm, type Written } from './SegmentForm.tsx'
import { Counting } from './SegmentsScreen.tsx'
import '../../ui/settings-page.css'
import './segments.css'

const route = getRouteApi('/w/$workspaceId/segments/$segmentId')

/** One segment: who is in it, and why. */
export function SegmentScreen() {
  const { workspaceId, segmentId } = route.useParams()
  const { data, error, refetch } = useQuery(segment(Number(workspaceId), Number(segmentId)))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The segment could not be loaded" />
  return data ? <Shown key={data.id} segment={data} /> : <SkeletonLines lines={8} padding="20px var(--edge)" />
}

function Shown({ segment }: { segment: Segment }) {
  const { tab = 'people' } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (tab: string | null) => navigate({ search: { tab: tab === 'rule' ? tab : undefined }, replace: true })
  const { name, description, progress, contact_count } = segment
  return (
    <Tabs className="settings-page" value={tab} onChange={show} keepMounted={false}>
      <PageHead
        title={name}
        note={progress === null ? count(contact_count, 'person', 'people') : <Counting progress={progress} />}
      >
        <People segment={segment} />
        <Removal segment={segment} />
      </PageHead>
      {description && <p className="segment-about muted">{description}</p>}
      <Tabs.List className="settings-page-tabs">
        <Tabs.Tab value="people">People</Tabs.Tab>
        <Tabs.Tab value="rule">Rule</Tabs.Tab>
      </Tabs.List>
      {tab === 'rule' ? (
        <RuleTab segment={segment} shown={() => show('people')} />
      ) : (
        // Read once more when the count has come to its end.
        <Members key={progress === null ? 'counted' : 'counting'} segment={segment} />
      )}
    </Tabs>
  )
}

/** What can be done with all of them at once, as with all that match in the list of contacts. */
function People({ segment: { id, name, contact_count } }: { segment: Segment }) {
  const [tagging, { open, close }] = useDisclosure()
  const chosen = { query: { segment_id: id } }
  const bulk = useBulk('contacts', chosen, close)
  const may_change = useMay('update')
  if (contact_count === 0) return null
  return (
    <>
      {may_change && (
        <Button variant="default" leftSection={<IconTag size={15} stroke={1.6} />} onClick={open}>
          Tag all {whole(contact_count)}…
        </Button>
      )}
      <ExportButton of="contacts" chosen={chosen} />
      <TagMany
        way={tagging ? 'tag' : undefined}
        whom={`everybody in ${name}`}
        onClose={close}
        confirm={names => void bulk({ action: 'tag', names })}
      />
    </>
  )
}

function Removal({ segment: { id, name } }: { segment: Segment }) {
  const { workspaceId } = route.useParams()
  const workspace_id = Number(workspaceId)
  const navigate = route.useNavigate()
  const remove = useDelete({
    name,
    about: 'The people in it stay as they are; nobody is told that they left it.',
    remove: () => deleteSegment(workspace_id, id),
    leave: () => navigate({ to: '/w/$workspaceId/segments', params: { workspaceId } }),
    queryKey: segment(workspace_id, id).queryKey,
  })
  return (
    useMay('update') && (
      <Button variant="subtle" color="red" onClick={remove}>
        Delete…
      </Button>
    )
  )
}

function Members({ segment: { id, name, progress } }: { segment: Segment }) {
  const { workspaceId } = route.useParams()
  const { sort } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useList(useInfiniteQuery(segmentContacts(Number(workspaceId), { id, progress }, { sort })))
  const open = (contact: Contact) =>
    navigate({ to: '/w/$workspaceId/contacts/$contactId', params: { workspaceId, contactId: String(contact.id) }, search: {} })
  return (
    <VirtualTable
      label={`People in ${name}`}
      list={list}
      columns={columns}
      row_key={contact => contact.id}
      open={open}
      compact={contact => <CompactContact contact={contact} />}
      sorting={{
        by: sort ?? '-last_visit',
        change: by => navigate({ search: { sort: by as typeof sort }, replace: true }),
      }}
      empty={
        <Empty icon={IconUsersGroup} title={progress === null ? 'Nobody fits' : 'Being counted'}>
          {progress === null
            ? 'Whoever fits the rule from now on is in here. Look at the rule if you expected somebody.'
            : 'People appear here while they are found.'}
        </Empty>
      }
    />
  )
}

function RuleTab({ segment, shown }: { segment: Segment; shown: () => void }) {
  // As it was when the form was opened, so that what somebody else saves meanwhile is refused and not overwritten.
  const [{ id, name, description, rule, updated_at }] = useState(segment)
  const may_change = useMay('update')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, written: Written) => updateSegment(workspace_id, id, { ...written, if_updated_at: updated_at }),
    'Segment saved',
  )
  return (
    <div className="settings-page-body">
      <SegmentForm
        given={{ name, description, rule }}
        save={written => mutate(written, { onSuccess: shown })}
        saving={isPending}
        error={error}
        may_change={may_change}
      />
    </div>
  )
}
