import { ActionIcon, Button, Group, Textarea, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconNote, IconPencil, IconPin, IconPinnedOff, IconTrash } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Note } from '../../../shared/notes.ts'
import { useMay } from '../../api/may.ts'
import { createNote, deleteNote, notes as notesQuery, restoreNote, updateNote } from '../../api/notes.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { useList } from '../../ui/list.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import './notes.css'

type About = { contact_id: number } | { lead_id: number }

/** What people wrote about somebody: pinned ones first, then the newest. */
export function NotesTab({ about }: { about: About }) {
  const workspace_id = useWorkspaceId()
  const query = useInfiniteQuery(notesQuery(workspace_id, about))
  const { rows } = useList(query)
  const may_write = useMay('work')
  const act = useAct()
  const write = (body: string) =>
    act(() => createNote(workspace_id, { ...about, body }), { done: 'Note written', failed: 'The note was not written' })
  if (query.error && !query.data)
    return <Failure error={query.error} retry={() => void query.refetch()} title="The notes could not be loaded" />
  if (!query.data) return <SkeletonLines lines={4} pitch={60} />
  return (
    <div className="notes">
      {may_write && <Writing label="New note" submit="Write note" save={write} />}
      {rows.length === 0 && (
        <Empty icon={IconNote} title="No notes">
          What somebody should know who opens this page next.
        </Empty>
      )}
      <ul aria-label="Notes">
        {rows.map(note => (
          <NoteLine key={note.id} note={note} may_write={may_write} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Older notes
        </Button>
      )}
    </div>
  )
}

function NoteLine({ note, may_write }: { note: Note; may_write: boolean }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const [editing, setEditing] = useState(false)
  const { id, body, author, is_pinned, may_change } = note
  const pin = () =>
    act(() => updateNote(workspace_id, id, { is_pinned: !is_pinned }), {
      done: is_pinned ? 'Not pinned any more' : 'Pinned',
      failed: 'The note was not changed',
    })
  const save = async (body: string) => {
    const is_done = await act(() => updateNote(workspace_id, id, { body }), { done: 'Saved', failed: 'The note was not saved' })
    if (is_done) setEditing(false)
    return is_done
  }
  return (
    <li className="note" data-pinned={is_pinned || undefined}>
      <header>
        <b>{author.name ?? author.kind}</b>
        <RelativeTime at={note.created_at} />
        {note.edited_at && <span className="muted">edited</span>}
        <span className="note-tools">
          {may_write && (
            <Tool label={is_pinned ? 'Unpin' : 'Pin'} act={() => void pin()} icon={is_pinned ? IconPinnedOff : IconPin} />
          )}
          {may_write && may_change && <Tool label="Edit" act={() => setEditing(true)} icon={IconPencil} />}
          {may_write && may_change && <DeleteTool id={id} />}
        </span>
      </header>
      {editing ? (
        <Writing label="Note" submit="Save" given={body} save={save} cancel={() => setEditing(false)} />
      ) : (
        <p>{linked(body)}</p>
      )}
    </li>
  )
}

function DeleteTool({ id }: { id: number }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const undo = (shown: string) => {
    notifications.hide(shown)
    void act(() => restoreNote(workspace_id, id), { done: 'The note is back', failed: 'The note did not come back' })
  }
  const remove = async () => {
    const is_done = await act(() => deleteNote(workspace_id, id), { done: 'Note deleted', failed: 'The note was not deleted' })
    if (!is_done) return
    const shown = `note ${id}`
    notifications.show({
      id: shown,
      autoClose: 15_000,
      message: (
        <Button variant="default" size="compact-sm" onClick={() => undo(shown)}>
          Undo
        </Button>
      ),
    })
  }
  return <Tool label="Delete" act={() => void remove()} icon={IconTrash} />
}

function Tool({ label, act, icon: Sign }: { label: string; act: () => void; icon: typeof IconPin }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={act}>
        <Sign size={15} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}

type WritingProps = {
  label: string
  submit: string
  given?: string
  save: (body: string) => Promise<boolean>
  cancel?: () => void
}

function Writing({ label, submit, given = '', save, cancel }: WritingProps) {
  const [body, setBody] = useState(given)
  const [saving, setSaving] = useState(false)
  const send = async () => {
    if (saving || !body.trim()) return
    setSaving(true)
    // What was written meanwhile stays.
    if (await save(body.trim())) setBody(now => (now === body ? '' : now))
    setSaving(false)
  }
  return (
    <form
      className="note-writing"
      onSubmit={event => {
        event.preventDefault()
        void send()
      }}
    >
      <Textarea
        aria-label={label}
        placeholder="Write a note"
        autosize
        minRows={2}
        maxRows={16}
        maxLength={10_000}
        value={body}
        onChange={({ currentTarget }) => setBody(currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void send()
          if (event.key === 'Escape') cancel?.()
        }}
      />
      {(body.trim() || cancel) && (
        <Group gap="xs" mt="xs">
          <Button type="submit" size="compact-md" disabled={!body.trim()} loading={saving}>
            {submit}
          </Button>
          {cancel && (
            <Button variant="default" size="compact-md" onClick={cancel}>
              Cancel
            </Button>
          )}
        </Group>
      )}
    </form>
  )
}

/** Addresses can be followed; everything else is text. */
function linked(body: string) {
  return body.split(/(https?:\/\/[^\s<>"]+)/).map((part, k) =>
    k % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change their order
      <a key={k} className="text-link" href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ),
  )
}
