import { Modal, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CrmRun } from '../../../../shared/crm.ts'
import { startCrmRun } from '../../../api/crm.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { DialogEnd } from '../../../ui/DialogEnd.tsx'
import { count } from '../../../ui/numbers.ts'
import { fieldsOf, saidOf } from '../connections/fieldsOf.ts'
import { useConnections } from '../useProviders.ts'

type Props = { opened: boolean; onClose: () => void; started: (run: CrmRun) => void }

/** From which CRM to which. */
export function StartRun({ opened, onClose, started }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Start a migration run">
      <StartForm done={onClose} started={started} />
    </Modal>
  )
}

function StartForm({ done, started }: { done: () => void; started: Props['started'] }) {
  const connections = useConnections()
  const [from, setFrom] = useState<string | null>(null)
  const [to, setTo] = useState<string | null>(null)
  const { mutate, isPending, error } = useSetting(
    (workspace_id, { from, to }: { from: number; to: number }) =>
      startCrmRun(workspace_id, { kind: 'validate', connection_id: to, from_connection_id: from }),
    'The run begins',
  )
  const { from_connection_id, connection_id } = fieldsOf(error)
  const choices = (other: string | null) =>
    connections
      .filter(({ id }) => String(id) !== other)
      .map(({ id, name, links }) => ({ value: String(id), label: `${name} · ${count(links, 'id')}` }))
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ from: Number(from), to: Number(to) }, { onSuccess: started })
      }}
    >
      <Stack gap="md">
        <Select
          label="From"
          description="The CRM whose ids the members have."
          placeholder="Choose the old CRM"
          allowDeselect={false}
          error={from_connection_id}
          data={choices(to)}
          value={from}
          onChange={setFrom}
        />
        <Select
          label="To"
          description="The CRM that is asked for each of them. Nobody is added there."
          placeholder="Choose the new CRM"
          allowDeselect={false}
          error={connection_id}
          data={choices(from)}
          value={to}
          onChange={setTo}
        />
        <p className="muted crm-about">
          It is asked by the old id where its settings name a field for it, and by e-mail otherwise. You can stop the run and
          resume it at any time; nothing is dropped before you finish the migration.
        </p>
      </Stack>
      <DialogEnd submit="Start the run" disabled={!from || !to} saving={isPending} error={saidOf(error)} cancel={done} />
    </form>
  )
}
