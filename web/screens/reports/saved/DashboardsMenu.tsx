import { Button, CopyButton, Menu, Modal } from '@mantine/core'
import { IconBookmark, IconCheck, IconDeviceFloppy, IconLink, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import type { Dashboard } from '../../../../shared/dashboards.ts'
import { dashboards, updateDashboard } from '../../../api/dashboards.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { NamedItems } from '../../views/NamedItems.tsx'
import { DashboardForm } from './DashboardForm.tsx'
import { type State, sameState, stateOf } from './state.ts'
import { useDeleteDashboard } from './useDeleteDashboard.ts'

type Props = {
  search: State & { dashboard?: number | undefined }
  /** Shows a dashboard, or none with undefined: then what is on screen stays. */
  open: (dashboard: Dashboard | undefined) => void
}

/** What is typed in: a name for what is on screen, or another one for a dashboard. */
type Form = { title: string; dashboard?: Dashboard }

/** What was saved of the reports: open, save, rename, delete, and the link of what is on screen. */
export function DashboardsMenu({ search, open }: Props) {
  const { data } = useQuery(dashboards(useWorkspaceId()))
  const href = useLocation({ select: location => location.href })
  const all = data?.data ?? []
  const current = all.find(({ id }) => id === search.dashboard)
  const state = stateOf(search)
  const [form, setForm] = useState<Form>()
  return (
    <>
      <Menu position="bottom-end" width={270} shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            maw={220}
            leftSection={<IconBookmark size={15} stroke={1.6} />}
            aria-label={current ? `Dashboards: ${current.name}` : 'Dashboards'}
          >
            {current?.name ?? 'Dashboards'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          <NamedItems all={all} current={current} open={open} />
          <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => setForm({ title: 'Save as a dashboard' })}>
            Save as…
          </Menu.Item>
          {current?.may_change && (
            <Change
              dashboard={current}
              state={state}
              rename={() => setForm({ title: 'Rename or share', dashboard: current })}
              open={open}
            />
          )}
        </Menu.Dropdown>
      </Menu>
      <CopyButton value={window.location.origin + href}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={15} /> : <IconLink size={15} stroke={1.6} />}
            onClick={copy}
          >
            {copied ? 'Copied' : 'Copy link'}
          </Button>
        )}
      </CopyButton>
      <Modal opened={form !== undefined} onClose={() => setForm(undefined)} title={form?.title}>
        {form && <DashboardForm dashboard={form.dashboard} state={state} close={() => setForm(undefined)} done={open} />}
      </Modal>
    </>
  )
}

type ChangeProps = {
  dashboard: Dashboard
  state: Dashboard['state']
  rename: () => void
  open: Props['open']
}

/** Of the one that is open. */
function Change({ dashboard, state, rename, open }: ChangeProps) {
  const { id, name, updated_at } = dashboard
  const { mutate } = useSetting(
    (workspace_id, state: Dashboard['state']) => updateDashboard(workspace_id, id, { state, if_updated_at: updated_at }),
    `${name} was saved`,
  )
  const remove = useDeleteDashboard(dashboard, () => open(undefined))
  return (
    <>
      <Menu.Item
        leftSection={<IconDeviceFloppy size={15} stroke={1.6} />}
        disabled={sameState(state, dashboard.state)}
        onClick={() => mutate(state)}
      >
        Save changes to {name}
      </Menu.Item>
      <Menu.Item leftSection={<IconPencil size={15} stroke={1.6} />} onClick={rename}>
        Rename or share…
      </Menu.Item>
      <Menu.Item leftSection={<IconTrash size={15} stroke={1.6} />} onClick={remove}>
        Delete…
      </Menu.Item>
    </>
  )
}
