import { Select } from '@mantine/core'
import { useMayDo } from '../../api/may.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Section } from '../../ui/Section.tsx'
import { useUserChoices, useUserName } from '../leads/useUsers.ts'

type Props = {
  scope: 'contacts' | 'visitors'
  owner_id: number | null
  save: (workspace_id: number, owner_id: number | null) => Promise<unknown>
}

/** Whose somebody is: whom to ask about them, and who sees them where a role shows only one's own. */
export function Owner({ scope, owner_id, save }: Props) {
  const workspace_id = useWorkspaceId()
  const may_change = useMayDo(scope, 'update')
  const choices = useUserChoices()
  const nameOf = useUserName()
  const act = useAct()
  const give = (chosen: string | null) =>
    act(() => save(workspace_id, chosen === null ? null : Number(chosen)), {
      done: chosen === null ? 'Nobody owns them now' : `Given to ${nameOf(Number(chosen))}`,
      failed: 'The owner stays',
    })
  return (
    <Section title="Owner">
      {may_change ? (
        <Select
          aria-label="Owner"
          placeholder="Nobody"
          data={choices}
          value={owner_id === null ? null : String(owner_id)}
          onChange={chosen => void give(chosen)}
          searchable
          clearable
        />
      ) : (
        <span className={owner_id === null ? 'muted' : undefined}>{owner_id === null ? 'Nobody' : nameOf(owner_id)}</span>
      )}
    </Section>
  )
}
