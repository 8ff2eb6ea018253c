import { Button, Group, Loader, Modal } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { CrmConnection, CrmTested } from '../../../../shared/crm.ts'
import { crmConnections, testCrmConnection } from '../../../api/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'
import { took } from '../../webhooks/words.ts'
import { testWords } from '../words.ts'

type Props = { connection: CrmConnection; opened: boolean; onClose: () => void }

/** Signs in and asks for the lists; nothing is written over there. */
export function TestDialog({ connection, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Test of ${connection.name}`} size="lg">
      <Testing connection={connection} onClose={onClose} />
    </Modal>
  )
}

function Testing({ connection: { id, name }, onClose }: Pick<Props, 'connection' | 'onClose'>) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { data, error, isFetching, refetch } = useQuery({
    // Not below the workspace: reading something again must not knock at a CRM again.
    queryKey: ['crm-test', workspace_id, id],
    queryFn: async () => {
      const tested = await testCrmConnection(workspace_id, id)
      void queries.invalidateQueries({ queryKey: crmConnections(workspace_id).queryKey })
      return tested
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  return (
    <>
      <div className="crm-tested" role="status">
        {isFetching && (
          <p>
            <Loader size="xs" color="gray" /> Signing in to {name} and asking for its lists…
          </p>
        )}
        {!isFetching && error && <p className="crm-refused">{error.message}</p>}
        {!isFetching && data && <Tested tested={data} />}
      </div>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" disabled={isFetching} onClick={() => void refetch()}>
          Test again
        </Button>
        <Button data-autofocus onClick={onClose}>
          Close
        </Button>
      </Group>
    </>
  )
}

function Tested({ tested: { ok, account, lists, kind, message, ms } }: { tested: CrmTested }) {
  if (!ok) {
    const { label, todo } = testWords(kind ?? 'unexpected')
    return (
      <>
        <p className="crm-tested-head" data-tone="bad">
          <IconCircleX size={18} stroke={1.7} aria-hidden /> <b>{label}</b>
          {ms > 0 && <span className="muted number">{took(ms)}</span>}
        </p>
        {account && <p>It let us in ({account}), but then:</p>}
        <p className="crm-said">{message}</p>
        <p className="muted">{todo}</p>
      </>
    )
  }
  return (
    <>
      <p className="crm-tested-head" data-tone="good">
        <IconCircleCheck size={18} stroke={1.7} aria-hidden /> <b>It works</b>
        <span className="muted number">{took(ms)}</span>
      </p>
      <p>It let us in: {account}.</p>
      {lists && lists.length > 0 ? (
        <>
          <p>{count(lists.length, 'mailing list')} over there:</p>
          <ul className="crm-names" aria-label="Mailing lists over there">
            {lists.map(list => (
              <li key={list}>{list}</li>
            ))}
          </ul>
        </>
      ) : (
        <p className="muted">There are no mailing lists over there yet.</p>
      )}
    </>
  )
}
