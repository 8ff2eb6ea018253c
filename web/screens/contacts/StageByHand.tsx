import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { Contact, Stage } from '../../../shared/contacts.ts'
import { updateContact } from '../../api/contacts.ts'
import { useMayDo } from '../../api/may.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { actorName } from '../activities/words.ts'
import { STAGES, stageLabel } from './stages.tsx'

/** Who set the stage, and the way to set it or to leave it to events again. */
export function StageByHand({ contact: { id, stage, stage_by_hand: said } }: { contact: Contact }) {
  const workspace_id = useWorkspaceId()
  const may_change = useMayDo('contacts', 'update')
  const act = useAct()
  const set = (to: Stage | null) =>
    void act(() => updateContact(workspace_id, id, { stage: to }), {
      done: ({ stage }) => (to === null ? `Events say: ${stageLabel(stage)}` : `Stage set to ${stageLabel(to)}`),
      failed: 'The stage stays',
    })
  if (!said && !may_change) return null
  return (
    <div className="stage-by-hand">
      {said && (
        <span>
          Set to {stageLabel(said.stage)} by {actorName(said.by)} <RelativeTime at={said.at} />
        </span>
      )}
      {may_change && (
        <Menu position="bottom-start" shadow="md" width={200}>
          <Menu.Target>
            <Button variant="subtle" size="compact-sm" rightSection={<IconChevronDown size={14} stroke={1.6} />}>
              Set the stage
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {STAGES.filter(({ value }) => value !== stage).map(({ value, label }) => (
              <Menu.Item key={value} onClick={() => set(value)}>
                {label}
              </Menu.Item>
            ))}
            {said && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => set(null)}>As events say</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}
