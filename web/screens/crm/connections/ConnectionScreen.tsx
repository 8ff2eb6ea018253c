import { Alert, Button } from '@mantine/core'
import { IconArrowLeft, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CrmConnection, CrmConnectionUpdate, CrmProvider } from '../../../../shared/crm.ts'
import { crmConnection, crmProviders, updateCrmConnection } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { PageHead } from '../../../ui/PageHead.tsx'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { useDraft } from '../../../ui/useDraft.ts'
import { ConnectionFigures } from './ConnectionFigures.tsx'
import { ConnectionParts } from './ConnectionParts.tsx'
import { ConnectionState } from './ConnectionState.tsx'
import { draftOf, updateOf } from './draft.ts'
import { fieldsOf, saidOf } from './fieldsOf.ts'
import { TestDialog } from './TestDialog.tsx'
import { useAddEarlier, useDeleteConnection, useTellAgain } from './useChanges.ts'
import '../../../ui/settings-page.css'
import '../crm.css'
import './connections.css'

const route = getRouteApi('/w/$workspaceId/crm/connections/$connectionId')

/** One connection: how it is, and how it is set up. */
export function ConnectionScreen() {
  const { workspaceId, connectionId } = route.useParams()
  const { data, error, refetch } = useQuery(crmConnection(Number(workspaceId), Number(connectionId)))
  const { data: providers } = useQuery(crmProviders(Number(workspaceId)))
  const provider = data && providers?.data.find(({ name }) => name === data.provider)
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The connection could not be loaded" />
  if (!data || !provider) return <SkeletonLines lines={8} padding="20px var(--edge)" />
  return <Shown key={data.id} connection={data} provider={provider} />
}

function Shown({ connection, provider }: { connection: CrmConnection; provider: CrmProvider }) {
  const { workspaceId } = route.useParams()
  const { test = false } = route.useSearch()
  const navigate = route.useNavigate()
  const may_change = useMay('admin')
  const show = (test: boolean) => navigate({ search: test ? { test } : {}, replace: true })
  return (
    <div className="settings-page">
      <Link className="back-link crm-back" to="/w/$workspaceId/crm" params={{ workspaceId }} search={{}}>
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> CRM
      </Link>
      <PageHead title={connection.name} note={provider.title === connection.name ? undefined : provider.title}>
        {may_change && (
          <Button variant="default" leftSection={<IconPlugConnected size={15} stroke={1.6} />} onClick={() => show(true)}>
            Test
          </Button>
        )}
      </PageHead>
      <div className="settings-page-body">
        <div className="crm-connection-now">
          <ConnectionState connection={connection} />
          <ConnectionFigures connection={connection} />
        </div>
        <Settings connection={connection} provider={provider} may_change={may_change} />
      </div>
      <TestDialog connection={connection} opened={test && may_change} onClose={() => void show(false)} />
    </div>
  )
}

type SettingsProps = { connection: CrmConnection; provider: CrmProvider; may_change: boolean }

function Settings({ connection, provider, may_change }: SettingsProps) {
  const { draft, set, dirty, adopt, discard } = useDraft(draftOf(connection, provider))
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: CrmConnectionUpdate) => updateCrmConnection(workspace_id, connection.id, change),
    'Connection saved',
  )
  const remove = useDeleteConnection(connection)
  const tellAgain = useTellAgain(connection)
  const addEarlier = useAddEarlier(connection)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate(updateOf(draft, connection), { onSuccess: saved => adopt(draftOf(saved, provider)) })
      }}
      noValidate
    >
      <fieldset disabled={!may_change}>
        {!may_change && (
          <Alert variant="light" mt="md">
            You may read these settings; an owner or admin of the workspace may change them.
          </Alert>
        )}
        <ConnectionParts provider={provider} draft={draft} set={set} kept={connection.secrets} errors={fieldsOf(error)} />
        {may_change && (
          <SaveBar dirty={dirty} saving={isPending} error={saidOf(error)} discard={discard} reset={reset} remove={remove}>
            {connection.failed > 0 && (
              <Button variant="subtle" onClick={tellAgain}>
                Tell failed again
              </Button>
            )}
            {connection.adds !== 'nobody' && (
              <Button variant="subtle" onClick={addEarlier}>
                Add people from before…
              </Button>
            )}
          </SaveBar>
        )}
      </fieldset>
    </form>
  )
}
