import { ActionIcon, Modal } from '@mantine/core'
import { IconPencil, IconTag, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Tag } from '../../../shared/tags.ts'
import { deleteTag, tags } from '../../api/tags.ts'
import { useDeletion } from '../../api/useSetting.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { count } from '../../ui/numbers.ts'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { TagChip } from './TagChip.tsx'
import { TagForm } from './TagForm.tsx'
import '../../ui/settings-page.css'
import './tags.css'

type Props = { opened: boolean; onClose: () => void }

/** All tags of the workspace: to rename, to colour, to delete. */
export function TagsDialog({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Tags">
      <AllTags />
    </Modal>
  )
}

function AllTags() {
  const { data, error, refetch } = useQuery(tags(useWorkspaceId()))
  const [editing, edit] = useState<number>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The tags could not be loaded" />
  if (!data) return <SkeletonLines lines={4} pitch={40} />
  if (data.data.length === 0)
    return (
      <Empty icon={IconTag} title="No tag yet">
        Open a contact and write a word under Tags: that makes one.
      </Empty>
    )
  return (
    <ul className="setting-list" aria-label="All tags">
      {data.data.map(tag => (
        <li key={tag.id}>
          {editing === tag.id ? <TagForm tag={tag} done={() => edit(undefined)} /> : <Line tag={tag} edit={() => edit(tag.id)} />}
        </li>
      ))}
    </ul>
  )
}

function Line({ tag, edit }: { tag: Tag; edit: () => void }) {
  const { id, name, contact_count } = tag
  const who =
    contact_count === 0 ? 'Nobody has it.' : `${count(contact_count, 'contact has', 'contacts have')} it and will lose it.`
  const remove = useDeletion(workspace_id => deleteTag(workspace_id, id), name, `${who} This cannot be taken back.`)
  return (
    <div className="tag-line">
      <TagChip tag={tag} />
      <span className="number">{count(contact_count, 'contact')}</span>
      <ActionIcon variant="subtle" color="gray" size={32} aria-label={`Change ${name}`} onClick={edit}>
        <IconPencil size={16} stroke={1.6} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size={32} aria-label={`Delete ${name}`} onClick={remove}>
        <IconTrash size={16} stroke={1.6} />
      </ActionIcon>
    </div>
  )
}
