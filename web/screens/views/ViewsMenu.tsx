import { Button, Menu, Modal } from '@mantine/core'
import { IconBookmark, IconDeviceFloppy, IconHome, IconPencil, IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react'
import { hashKey, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { View, ViewScreen } from '../../../shared/views.ts'
import { useAct } from '../../api/useAct.ts'
import { useDeletion, useSetting } from '../../api/useSetting.ts'
import { deleteView, updateView, views as viewsQuery } from '../../api/views.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { NamedItems } from './NamedItems.tsx'
import { ViewForm } from './ViewForm.tsx'

type State = View['state'] & { saved?: number | undefined }
type Props = {
  screen: ViewScreen
  /** What stands in the address of the list. */
  search: State
  /** Puts this there instead. */
  open: (state: State) => void
}

/** Lists under a name: open, save, rename, delete. One that is the default opens with a list whose address says nothing. */
export function ViewsMenu({ screen, search, open }: Props) {
  const { data } = useQuery(viewsQuery(useWorkspaceId(), screen))
  const all = data?.data ?? []
  const current = all.find(({ id }) => id === search.saved)
  const state = stateOf(search)
  const is_changed = current !== undefined && hashKey([state]) !== hashKey([stateOf(current.state)])
  const [form, setForm] = useState<{ title: string; view?: View }>()
  const show = (view: View) => open({ ...view.state, saved: view.id })
  useDefault(all, search, show)
  return (
    <>
      <Menu position="bottom-start" width={270} shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            maw={{ base: '100%', sm: 240 }}
            leftSection={<IconBookmark size={15} stroke={1.6} />}
            aria-label={current ? `Views: ${current.name}${is_changed ? ', changed' : ''}` : 'Views'}
          >
            {current ? `${current.name}${is_changed ? ' · changed' : ''}` : 'Views'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          <NamedItems all={all} current={current} open={show} />
          {current && is_changed && (
            <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => show(current)}>
              Reset to {current.name}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => setForm({ title: 'Save as a view' })}>
            Save as…
          </Menu.Item>
          {current && (
            <Change
              view={current}
              state={state}
              is_changed={is_changed}
              rename={() => setForm({ title: 'Rename or share', view: current })}
              close={() => open(state)}
            />
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={form !== undefined} onClose={() => setForm(undefined)} title={form?.title}>
        {form && <ViewForm screen={screen} view={form.view} state={state} close={() => setForm(undefined)} done={show} />}
      </Modal>
    </>
  )
}

/** Once for each time that the screen is opened: who takes the filters away wants to see everything. */
function useDefault(all: View[], search: State, show: (view: View) => void) {
  const [is_settled, settle] = useState(() => Object.values(search).some(value => value !== undefined))
  const first = all.find(view => view.is_default)
  useEffect(() => {
    if (is_settled || !first) return
    settle(true)
    show(first)
  }, [is_settled, first, show])
}

type ChangeProps = { view: View; state: View['state']; is_changed: boolean; rename: () => void; close: () => void }

/** Of the one that is open. */
function Change({ view, state, is_changed, rename, close }: ChangeProps) {
  const workspace_id = useWorkspaceId()
  const { id, name, updated_at, is_default } = view
  const act = useAct()
  const { mutate } = useSetting(
    (workspace_id, state: View['state']) => updateView(workspace_id, id, { state, if_updated_at: updated_at }),
    `${name} was saved`,
  )
  const remove = useDeletion(
    async workspace_id => {
      await deleteView(workspace_id, id)
      close()
    },
    name,
    view.is_shared ? 'Everybody in the workspace loses this view. What it lists stays.' : 'What it lists stays.',
  )
  const open_with = () =>
    act(() => updateView(workspace_id, id, { is_default: !is_default }), {
      done: is_default ? 'The list opens with everything again' : `The list opens with ${name}`,
      failed: 'That was not saved',
    })
  return (
    <>
      <Menu.Item leftSection={<IconHome size={15} stroke={1.6} />} onClick={() => void open_with()}>
        {is_default ? 'Do not open the list with it' : 'Open the list with it'}
      </Menu.Item>
      {view.may_change && (
        <>
          <Menu.Item
            leftSection={<IconDeviceFloppy size={15} stroke={1.6} />}
            disabled={!is_changed}
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
      )}
    </>
  )
}

/** What is saved: not which view it was. */
function stateOf({ saved: _, ...search }: State): View['state'] {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}
