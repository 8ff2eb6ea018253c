import { Button, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconShieldLock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Erasure, ErasurePreview, PrivacySubject } from '../../../shared/privacy.ts'
import { useMay } from '../../api/may.ts'
import { archiveOf, erasures, previewErasure } from '../../api/privacy.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { count } from '../../ui/numbers.ts'
import { Pill } from '../../ui/Pill.tsx'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { EraseDialog } from './EraseDialog.tsx'

/** Somebody asks what is known of them, or to be erased. */
export function RequestsTab() {
  const workspace_id = useWorkspaceId()
  const { data, error, refetch } = useQuery(erasures(workspace_id))
  const may_erase = useMay('admin')
  return (
    <>
      {may_erase && <Ask />}
      {error && !data && <Failure error={error} retry={() => void refetch()} title="The erasures could not be loaded" />}
      {!data && !error && <SkeletonLines lines={4} />}
      {data?.data.length === 0 && (
        <Empty icon={IconShieldLock} title="Nobody was erased yet">
          Look somebody up by e-mail, phone or the number of their contact, read out what is known of them, or erase them
          everywhere.
        </Empty>
      )}
      {data && data.data.length > 0 && (
        <ul className="setting-list erasures" aria-label="Erasures">
          {data.data.map(erasure => (
            <Line key={erasure.id} erasure={erasure} />
          ))}
        </ul>
      )}
    </>
  )
}

type Found = { whom: PrivacySubject; preview: ErasurePreview }

function Ask() {
  const workspace_id = useWorkspaceId()
  const [text, type] = useState('')
  const [refusal, refuse] = useState<string>()
  const [found, find] = useState<Found>()
  const [busy, work] = useState(false)
  const look = async (then: (whom: PrivacySubject) => Promise<void>) => {
    refuse(undefined)
    work(true)
    const whom = readWhom(text)
    await then(whom).catch((error: Error & { fields?: Record<string, string> }) =>
      refuse(Object.entries(error.fields ?? {})[0]?.join(' ') ?? error.message),
    )
    work(false)
  }
  const erase = (event: FormEvent) => {
    event.preventDefault()
    void look(async whom => find({ whom, preview: await previewErasure(workspace_id, whom) }))
  }
  const readOut = () =>
    look(async whom => {
      saveFile('archive.jsonl', await archiveOf(workspace_id, whom))
      notifications.show({ message: 'Everything that is known of them is in the file' })
    })
  return (
    <form className="privacy-ask" onSubmit={erase}>
      <TextInput
        label="Whom"
        description="An e-mail, a phone, or the number of a contact"
        placeholder="sally@example.com"
        value={text}
        error={refusal}
        onChange={event => type(event.currentTarget.value)}
      />
      <div className="privacy-verbs">
        <Button variant="default" disabled={!text.trim() || busy} onClick={() => void readOut()}>
          Read everything out
        </Button>
        <Button type="submit" color="red" variant="light" disabled={!text.trim() || busy}>
          Erase…
        </Button>
      </div>
      <EraseDialog
        found={found}
        onClose={erased => {
          find(undefined)
          if (erased) type('')
        }}
      />
    </form>
  )
}

/** A short number is a contact's; the server says what is wrong with the rest. */
function readWhom(text: string): PrivacySubject {
  const said = text.trim()
  if (said.includes('@')) return { email: said }
  return /^\d{1,9}$/.test(said) ? { contact_id: Number(said) } : { phone: said }
}

function Line({ erasure: { id, state, done, total, counts, warning, error, reason, actor, created_at } }: { erasure: Erasure }) {
  const rows = Object.values(counts).reduce((sum, rows) => sum + rows, 0)
  return (
    <li>
      <div className="erasure-head">
        <b>Erasure {id}</b>
        {state === 'running' && <ProgressBar percent={(done / (total || 1)) * 100} label={`${done} of ${total} steps`} />}
        {state === 'done' && <Pill tone="good">Done</Pill>}
        {state === 'failed' && <Pill tone="bad">Tried again within the hour</Pill>}
        <span className="muted">{count(rows, 'row')}</span>
        <span className="muted erasure-when">
          {actor.name ?? actor.kind}, <RelativeTime at={created_at} />
        </span>
      </div>
      {reason && <p className="muted">{reason}</p>}
      {warning && <p className="erasure-warning">{warning}</p>}
      {error && <p className="erasure-warning">{error}</p>}
    </li>
  )
}
