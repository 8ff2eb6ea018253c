import { ActionIcon, Tooltip } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconUnlink } from '@tabler/icons-react'
import type { CrmLink } from '../../../../shared/crm.ts'
import { dropCrmLink } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useAct } from '../../../api/useAct.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Of spam that a migration did not find, or of an id that is wrong. */
export function LetGo({ link }: { link: CrmLink }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const { connection } = link
  const run = () =>
    void act(() => dropCrmLink(workspace_id, link), { done: `The id at ${connection} is let go`, failed: 'The id is still here' })
  const ask = () =>
    modals.openConfirmModal({
      title: `Let go of the id at ${connection}?`,
      children: `${connection} is told nothing, and keeps what it has. A migration that is resumed leaves this person out.`,
      labels: { confirm: 'Let go', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: run,
    })
  return (
    useMay('admin') && (
      <Tooltip label="Let go of this id…">
        <ActionIcon variant="subtle" color="gray" aria-label={`Let go of the id at ${connection}`} onClick={ask}>
          <IconUnlink size={16} />
        </ActionIcon>
      </Tooltip>
    )
  )
}
