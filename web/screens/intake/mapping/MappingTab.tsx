import { Alert, Button, Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconKeyframes } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { IntakeKeys, IntakeWebhook, Mapping } from '../../../../shared/intake.ts'
import { intakeKeys, intakeWebhook, updateIntakeWebhook } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import { ApiError } from '../../../api/request.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { isComplete, mapKey } from './draft.ts'
import { FieldList } from './FieldList.tsx'
import { KeyList } from './KeyList.tsx'
import { Preview } from './Preview.tsx'
import './mapping.css'

/** What came on the left, our fields beside it, and what becomes of the last delivery. */
export function MappingTab({ webhook }: { webhook: IntakeWebhook }) {
  const params = { workspaceId: String(useWorkspaceId()), webhookId: String(webhook.id) }
  const { data, error, refetch } = useQuery({ ...intakeKeys(useWorkspaceId(), webhook.id), refetchInterval: 10_000 })
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The keys could not be loaded" />
  if (!data) return <Skeleton height={320} w="auto" m="var(--edge)" />
  if (!data.deliveries)
    return (
      <Empty
        icon={IconKeyframes}
        title="Nothing to map yet"
        actions={
          <Button
            renderRoot={props => (
              <Link to="/w/$workspaceId/intake/$webhookId" params={params} search={{ tab: 'setup' }} {...props} />
            )}
          >
            See how to send to it
          </Button>
        }
      >
        Usual names of fields are understood without a mapping. Send one delivery, and its keys appear here: what is not
        understood you map by clicking. Turn on Capture in the settings first if no lead is to be made of it.
      </Empty>
    )
  return <Loaded webhook={webhook} keys={data} />
}

function Loaded({ webhook, keys }: { webhook: IntakeWebhook; keys: IntakeKeys }) {
  const may_change = useMay('admin')
  const [draft, setDraft] = useState<Mapping>()
  const [read, setRead] = useState(webhook)
  const [picked, pick] = useState<string>()
  // Without a change of one's own, what is shown is what is stored.
  const mapping = draft ?? webhook.mapping ?? {}
  const change = (next: Mapping) => {
    if (draft === undefined) setRead(webhook)
    setDraft(next)
  }
  const assign = (field: string) => {
    if (picked === undefined) return
    change(mapKey(mapping, picked, field))
    pick(undefined)
  }
  return (
    <div className="mapping">
      <div className="mapping-columns">
        <KeyList keys={keys} mapping={mapping} stored={webhook.mapping} picked={picked} pick={may_change ? pick : undefined} />
        <FieldList
          keys={keys}
          mapping={mapping}
          picked={picked}
          assign={assign}
          cancel={() => pick(undefined)}
          change={may_change ? change : undefined}
        />
        <Preview webhook_id={webhook.id} mapping={mapping} targets={keys.targets} />
      </div>
      <Bar webhook={webhook} read={read} draft={draft} discard={() => setDraft(undefined)} />
    </div>
  )
}

type BarProps = { webhook: IntakeWebhook; read: IntakeWebhook; draft: Mapping | undefined; discard: () => void }

function Bar({ webhook, read, draft, discard }: BarProps) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (mapping: Mapping) =>
      updateIntakeWebhook(workspace_id, webhook.id, {
        mapping: Object.keys(mapping).length ? mapping : null,
        if_updated_at: read.updated_at,
      }),
    onSuccess: async saved => {
      queries.setQueryData(intakeWebhook(workspace_id, webhook.id).queryKey, saved)
      discard()
      notifications.show({ message: 'The mapping is saved' })
      await queries.invalidateQueries({ queryKey: intakeKeys(workspace_id, webhook.id).queryKey })
    },
  })
  const complete = Object.values(draft ?? {}).every(rule => rule === null || isComplete(rule))
  if (!draft) return null
  return (
    <div className="mapping-bar">
      {error && (
        <Alert color="red" variant="light" role="alert">
          {error.message} {error instanceof ApiError && Object.values(error.fields).join(' ')}
        </Alert>
      )}
      <Button loading={isPending} disabled={!complete} onClick={() => mutate(draft)}>
        Save the mapping
      </Button>
      <Button
        variant="default"
        onClick={() => {
          reset()
          discard()
        }}
      >
        Discard
      </Button>
      <span className="muted">
        {complete ? 'It counts for what comes from then on, and for what is replayed.' : 'A rule has no source yet.'}
      </span>
    </div>
  )
}
