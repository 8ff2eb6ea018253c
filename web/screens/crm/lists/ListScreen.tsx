import { Button, SegmentedControl } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft, IconMailbox, IconPencil, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { MailingList } from '../../../../shared/crm.ts'
import { deleteMailingList, mailingList, mailingListMembers } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useDelete } from '../../../api/useDelete.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { useOpenPerson } from '../useOpenPerson.ts'
import { CompactMember, columnsOf } from './columns.tsx'
import { JoinDialog } from './JoinDialog.tsx'
import { ListDialog } from './ListDialog.tsx'
import { ruleWords } from './words.ts'
import '../../../ui/settings-page.css'
import '../crm.css'
import './lists.css'

const route = getRouteApi('/w/$workspaceId/crm/lists/$listId')

/** One mailing list: who is on it, and who left. */
export function ListScreen() {
  const { workspaceId, listId } = route.useParams()
  const { data, error, refetch } = useQuery(mailingList(Number(workspaceId), Number(listId)))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The list could not be loaded" />
  return data ? <Shown key={data.id} list={data} /> : <SkeletonLines lines={8} padding="20px var(--edge)" />
}

function Shown({ list }: { list: MailingList }) {
  const { workspaceId } = route.useParams()
  const may_change = useMay('admin')
  const [editing, edit] = useDisclosure()
  return (
    <div className="settings-page">
      <Link className="back-link crm-back" to="/w/$workspaceId/crm" params={{ workspaceId }} search={{ tab: 'lists' }}>
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> CRM
      </Link>
      <PageHead title={list.name} note={count(list.members, 'member')}>
        {may_change && (
          <>
            <Removal list={list} />
            <Button variant="default" leftSection={<IconPencil size={15} stroke={1.6} />} onClick={edit.open}>
              Edit
            </Button>
          </>
        )}
      </PageHead>
      <p className="crm-list-rule muted">{ruleWords(list)}</p>
      <Members list={list} />
      <ListDialog list={editing ? list : undefined} onClose={edit.close} />
    </div>
  )
}

function Removal({ list: { id, name, members } }: { list: MailingList }) {
  const { workspaceId } = route.useParams()
  const navigate = route.useNavigate()
  const workspace_id = Number(workspaceId)
  const remove = useDelete({
    name,
    about: `Who was on it is forgotten here (${count(members, 'member')}); the CRMs keep theirs.`,
    remove: () => deleteMailingList(workspace_id, id),
    leave: () => navigate({ to: '/w/$workspaceId/crm', params: { workspaceId }, search: { tab: 'lists' } }),
    queryKey: mailingList(workspace_id, id).queryKey,
  })
  return (
    <Button variant="subtle" color="red" onClick={remove}>
      Delete…
    </Button>
  )
}

function Members({ list }: { list: MailingList }) {
  const { workspaceId } = route.useParams()
  const { left } = route.useSearch()
  const navigate = route.useNavigate()
  const open = useOpenPerson()
  const may_join = useMay('update')
  const [joining, join] = useDisclosure()
  const button = may_join && (
    <Button variant="default" leftSection={<IconPlus size={15} />} onClick={join.open}>
      Add somebody
    </Button>
  )
  return (
    <>
      <LogList
        label={left ? `Who left ${list.name}` : `Members of ${list.name}`}
        query={mailingListMembers(Number(workspaceId), list.id, left ? { left } : {})}
        columns={columnsOf(list.id, may_join && !left)}
        row_key={({ email }) => email}
        open={open}
        compact={member => <CompactMember member={member} list_id={list.id} may_leave={may_join && !left} />}
        choose={undefined}
        filters={
          <div className="toolbar crm-toolbar">
            <SegmentedControl
              aria-label="Who is shown"
              size="sm"
              data={[
                { value: 'on', label: 'On it' },
                { value: 'left', label: 'Left' },
              ]}
              value={left ? 'left' : 'on'}
              onChange={value => navigate({ search: value === 'left' ? { left: true } : {}, replace: true })}
            />
            {button}
          </div>
        }
        empty={
          <Empty icon={IconMailbox} title={left ? 'Nobody left' : 'Nobody is on it yet'}>
            {left
              ? 'Who was on the list and left it stands here.'
              : 'An e-mail is enough to join: by signing up, by a form, the API, or here.'}
          </Empty>
        }
      />
      <JoinDialog list={list} opened={joining} onClose={join.close} />
    </>
  )
}
