import { modals } from '@mantine/modals'
import { useNavigate } from '@tanstack/react-router'
import type { CrmConnection } from '../../../../shared/crm.ts'
import { addEarlierToCrm, crmConnection, deleteCrmConnection, tellCrmAgain, updateCrmConnection } from '../../../api/crm.ts'
import { useAct } from '../../../api/useAct.ts'
import { useDelete } from '../../../api/useDelete.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'

/** Turns it on, or off after a question. */
export function useSwitch({ id, name }: CrmConnection) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const run = (active: boolean) =>
    void act(() => updateCrmConnection(workspace_id, id, { active }), {
      done: active ? `${name} is told again` : `${name} is off`,
      failed: 'Nothing was changed',
    })
  return (active: boolean) => {
    if (active) return run(true)
    modals.openConfirmModal({
      title: `Turn ${name} off?`,
      children: 'Nothing is lost: what it would be told waits, and is told when you turn it on again.',
      labels: { confirm: 'Turn off', cancel: 'Leave it on' },
      onConfirm: () => run(false),
    })
  }
}

export function useTellAgain({ id, name }: CrmConnection) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  return () =>
    void act(() => tellCrmAgain(workspace_id, id), {
      done: ({ asked }) =>
        asked > 0 ? `${name} is told again of ${count(asked, 'person', 'people')}` : `${name} took everybody already`,
      failed: 'Nobody is told again',
    })
}

export function useAddEarlier({ id, name }: CrmConnection) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const run = () =>
    void act(() => addEarlierToCrm(workspace_id, id), {
      done: ({ asked }) =>
        asked > 0 ? `${count(asked, 'person is', 'people are')} added to ${name}` : `Nobody has to be added to ${name}`,
      failed: 'Nobody is added',
    })
  return () =>
    modals.openConfirmModal({
      title: `Add people from before to ${name}?`,
      children:
        'Everybody who signed up before it was connected is added there, in the background. Not who has an id in any CRM already: if they were moved over there, a migration run finds them.',
      labels: { confirm: 'Add them', cancel: 'Leave it' },
      onConfirm: run,
    })
}

export function useDeleteConnection({ id, name, links }: CrmConnection) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  return useDelete({
    name,
    about:
      links > 0
        ? `${count(links, 'contact')} ${links === 1 ? 'has' : 'have'} an id there. The ids are dropped with it, and nobody is found by them any more: if you move to another CRM, finish the migration first.`
        : 'Nobody has an id there. Its keys are forgotten, and it is told nothing any more.',
    remove: () => deleteCrmConnection(workspace_id, id, links > 0),
    leave: () => navigate({ to: '/w/$workspaceId/crm', params: { workspaceId: String(workspace_id) }, search: {} }),
    queryKey: crmConnection(workspace_id, id).queryKey,
  })
}
