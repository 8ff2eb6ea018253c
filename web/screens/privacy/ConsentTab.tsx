import { Button, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ConsentPurpose } from '../../../shared/consents.ts'
import { changePurpose, createPurpose, purposes } from '../../api/consents.ts'
import { useMay } from '../../api/may.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'

/** What people are asked to allow, and every text that they were asked with. */
export function ConsentTab() {
  const { data, error, refetch } = useQuery(purposes(useWorkspaceId()))
  const may_change = useMay('admin')
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The purposes could not be loaded" />
  if (!data) return <SkeletonLines lines={4} />
  return (
    <>
      <p className="settings-page-about muted">
        Whoever denies analytics sends nothing more, whoever denies marketing is put on no mailing list, and a webhook of a
        purpose is not told of those who deny it.
      </p>
      <ul className="setting-list erasures" aria-label="Purposes">
        {data.data.map(purpose => (
          <Line key={purpose.id} purpose={purpose} may_change={may_change} />
        ))}
      </ul>
      {may_change && <NewPurpose />}
    </>
  )
}

function Line({ purpose, may_change }: { purpose: ConsentPurpose; may_change: boolean }) {
  const [writing, write] = useState(false)
  const [newest] = purpose.texts
  return (
    <li>
      <div className="erasure-head">
        <strong>{purpose.label}</strong>
        <code>{purpose.name}</code>
        {may_change && !writing && (
          <Button
            className="erasure-when"
            variant="default"
            size="compact-sm"
            aria-label={`New text for ${purpose.label}`}
            onClick={() => write(true)}
          >
            New text…
          </Button>
        )}
      </div>
      {newest ? (
        <p>
          {newest.text}{' '}
          <span className="muted">
            (text {newest.version}, <RelativeTime at={newest.created_at} />
            {purpose.texts.length > 1 && `, ${purpose.texts.length - 1} before it`})
          </span>
        </p>
      ) : (
        <p className="muted">No text yet.</p>
      )}
      {writing && <NewText purpose={purpose} onClose={() => write(false)} />}
    </li>
  )
}

function NewText({ purpose, onClose }: { purpose: ConsentPurpose; onClose: () => void }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const [text_version, name] = useState('')
  const [text, type] = useState('')
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const words = { done: 'Saved', failed: 'The text was not saved' }
    if (await act(() => changePurpose(workspace_id, purpose.id, { text_version, text }), words)) onClose()
  }
  return (
    <form onSubmit={event => void save(event)}>
      <TextInput
        label="Version"
        required
        maxLength={100}
        value={text_version}
        onChange={event => name(event.currentTarget.value)}
      />
      <Textarea
        label="What people are asked"
        required
        autosize
        minRows={2}
        maxLength={10_000}
        mt="xs"
        value={text}
        onChange={event => type(event.currentTarget.value)}
      />
      <div className="privacy-verbs consent-verbs">
        <Button type="submit">Save</Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

function NewPurpose() {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const [label, type] = useState('')
  const name = label
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 50)
  const add = async (event: FormEvent) => {
    event.preventDefault()
    const words = { done: 'Added', failed: 'The purpose was not added' }
    if (await act(() => createPurpose(workspace_id, { name, label: label.trim() }), words)) type('')
  }
  return (
    <form className="privacy-ask" onSubmit={event => void add(event)}>
      <TextInput
        label="Another purpose"
        placeholder="Partners"
        maxLength={100}
        value={label}
        description={name && `Sites call it ${name}`}
        onChange={event => type(event.currentTarget.value)}
      />
      <Button type="submit" disabled={name === ''}>
        Add
      </Button>
    </form>
  )
}
