import { Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Dashboard } from '../../../../shared/dashboards.ts'
import { createDashboard, updateDashboard } from '../../../api/dashboards.ts'
import { useMay } from '../../../api/may.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { DialogEnd } from '../../../ui/DialogEnd.tsx'

type Props = {
  /** The one that is renamed; a new one is made without. */
  dashboard?: Dashboard | undefined
  state: Dashboard['state']
  close: () => void
  done: (dashboard: Dashboard) => void
}

/** A name, and who sees it. */
export function DashboardForm({ dashboard, state, close, done }: Props) {
  const [name, setName] = useState(dashboard?.name ?? '')
  const [is_shared, share] = useState(dashboard?.is_shared ?? false)
  const may_share = useMay('update')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: { name: string; is_shared: boolean }) =>
      dashboard
        ? updateDashboard(workspace_id, dashboard.id, { ...given, if_updated_at: dashboard.updated_at })
        : createDashboard(workspace_id, { ...given, state }),
    'The dashboard was saved',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate(
          { name: name.trim(), is_shared },
          {
            onSuccess: saved => {
              close()
              if (!dashboard) done(saved)
            },
          },
        )
      }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label="Name"
          placeholder="Spring campaign"
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {may_share && (!dashboard?.is_shared || dashboard.is_mine) && (
          <Switch
            label="Everybody in the workspace sees it"
            checked={is_shared}
            onChange={({ currentTarget }) => share(currentTarget.checked)}
          />
        )}
      </Stack>
      <DialogEnd submit="Save" disabled={!name.trim()} saving={isPending} error={error} cancel={close} />
    </form>
  )
}
