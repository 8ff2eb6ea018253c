import { ActionIcon, Alert, Button, Menu, Modal, Tabs } from '@mantine/core'
import {
  IconArchive,
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconForms,
  IconPencil,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { CustomField, FieldNoun } from '../../../shared/custom-fields.ts'
import { deleteField, fields as fieldsQuery, updateField } from '../../api/fields.ts'
import { useMay } from '../../api/may.ts'
import { useAct } from '../../api/useAct.ts'
import { useDeletion } from '../../api/useSetting.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { FieldForm } from './FieldForm.tsx'
import { TYPE_WORDS } from './fieldText.tsx'
import '../../ui/settings-page.css'
import './fields.css'

const route = getRouteApi('/w/$workspaceId/custom-fields')

/** What the workspace wants to know about its contacts and leads. */
export function FieldsScreen() {
  const { noun = 'contact' } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <Tabs
      className="settings-page"
      value={noun}
      onChange={given => navigate({ search: { noun: given === 'lead' ? 'lead' : undefined }, replace: true })}
      keepMounted={false}
    >
      <PageHead title="Fields" />
      <Tabs.List className="settings-page-tabs">
        <Tabs.Tab value="contact">Of contacts</Tabs.Tab>
        <Tabs.Tab value="lead">Of leads</Tabs.Tab>
      </Tabs.List>
      <div className="settings-page-body">
        <Tabs.Panel value="contact">
          <Fields noun="contact" />
        </Tabs.Panel>
        <Tabs.Panel value="lead">
          <Fields noun="lead" />
        </Tabs.Panel>
      </div>
    </Tabs>
  )
}

function Fields({ noun }: { noun: FieldNoun }) {
  const { data, error, refetch } = useQuery(fieldsQuery(useWorkspaceId(), noun))
  const may_change = useMay('admin')
  const [form, setForm] = useState<{ field?: CustomField }>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The fields could not be loaded" />
  if (!data) return <SkeletonLines lines={6} padding="20px 0" />
  const add = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setForm({})}>
      Add a field
    </Button>
  )
  return (
    <>
      <p className="muted settings-page-about">
        {noun === 'contact'
          ? 'They stand on the page of each contact; lists are filtered and sorted by them, and segments ask for them.'
          : 'They stand on the page of each lead of any type. What one kind of lead asks for is in Lead settings.'}
      </p>
      {!may_change && (
        <Alert variant="light" mt="md">
          You may read these fields; an owner or admin of the workspace may change them.
        </Alert>
      )}
      {data.length === 0 ? (
        <Empty icon={IconForms} title={`No field of ${noun}s yet`} actions={may_change && add}>
          Whatever you want to know that is not there: a number, a day, a choice.
        </Empty>
      ) : (
        <ol className="field-list" aria-label={`Fields of ${noun}s`}>
          {data.map((field, index) => (
            <Line
              key={field.id}
              field={field}
              is_first={index === 0}
              is_last={index === data.length - 1}
              edit={may_change ? () => setForm({ field }) : undefined}
            />
          ))}
        </ol>
      )}
      {may_change && data.length > 0 && add}
      <Modal
        opened={form !== undefined}
        onClose={() => setForm(undefined)}
        title={form?.field ? 'Change field' : `New field of ${noun}s`}
      >
        {form && <FieldForm noun={noun} field={form.field} taken={data.map(({ key }) => key)} done={() => setForm(undefined)} />}
      </Modal>
    </>
  )
}

type LineProps = { field: CustomField; is_first: boolean; is_last: boolean; edit: (() => void) | undefined }

function Line({ field, is_first, is_last, edit }: LineProps) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const { id, key, label, type, is_required, position } = field
  const is_archived = field.archived_at !== null
  const move = (position: number) =>
    act(() => updateField(workspace_id, id, { position }), { done: `${label} moved`, failed: `${label} was not moved` })
  const archive = () =>
    act(() => updateField(workspace_id, id, { is_archived: !is_archived }), {
      done: is_archived ? `${label} is offered again` : `${label} was archived`,
      failed: `${label} was not changed`,
    })
  const remove = useDeletion(
    workspace_id => deleteField(workspace_id, id),
    label,
    'Only a field that nobody has a value of can be deleted.',
  )
  return (
    <li className="field-line" data-archived={is_archived || undefined}>
      <b>{label}</b>
      <code className="muted cut">{key}</code>
      <span className="muted">{TYPE_WORDS[type]}</span>
      <span className="field-pills">
        {is_required && <Pill tone="accent">required</Pill>}
        {is_archived && <Pill tone="plain">archived</Pill>}
      </span>
      {edit && (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`What to do with ${label}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={edit}>
              Change
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={is_first} onClick={() => void move(position - 1)}>
              Move up
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowDown size={15} />} disabled={is_last} onClick={() => void move(position + 1)}>
              Move down
            </Menu.Item>
            <Menu.Item leftSection={<IconArchive size={15} />} onClick={() => void archive()}>
              {is_archived ? 'Offer again' : 'Archive'}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={15} />} onClick={remove}>
              Delete…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  )
}
