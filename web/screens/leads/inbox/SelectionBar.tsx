import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Lead, LeadSelectionChange } from '../../../../shared/leads.ts'
import type { Stage } from '../../../../shared/pipelines.ts'
import { changeLeads } from '../../../api/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Choice } from '../../../ui/Choice.tsx'
import { count } from '../../../ui/numbers.ts'
import type { Selection } from '../../../ui/useSelection.ts'
import { ExportButton } from '../../transfers/ExportMenu.tsx'
import { ManyBar } from '../../transfers/ManyBar.tsx'
import { useBulk } from '../../transfers/useBulk.ts'
import type { Everything } from '../../transfers/useEverything.ts'
import { LostDialog } from '../LostDialog.tsx'
import { useStages } from '../useStages.ts'
import { useUserChoices } from '../useUsers.ts'
import { PRIORITIES } from '../words.ts'

const MOST = 200

/** What can be done with all the leads that are chosen at once. */
export function SelectionBar({ selection, everything }: { selection: Selection<Lead>; everything: Everything }) {
  const { rows } = selection
  const people = useUserChoices()
  const [lost, setLost] = useState<Stage>()
  const { mutate, isPending } = useChange(rows, everything.clear)
  const bulk = useBulk('leads', everything.chosen, everything.clear)
  // Many are changed behind the scenes, with a result of each and a way back.
  const are_many = everything.is_on || rows.length > MOST
  const pipeline_ids = new Set(rows.map(({ pipeline_id }) => pipeline_id))
  const stages = useStages(rows[0]!.pipeline_id)
  const toStage = (key: string | null) => {
    const stage = stages.find(stage => stage.key === key)
    if (stage?.kind === 'lost') setLost(stage)
    else if (stage) setStatus(stage.key)
  }
  const setStatus = (status: string, lost_reason?: string | null) => {
    if (are_many) void bulk({ action: 'status', status, ...(lost_reason !== undefined && { lost_reason }) })
    else mutate({ status, ...(lost_reason !== undefined && { lost_reason }) })
  }
  const assign = (assigned_to: number | null) => {
    if (are_many) void bulk({ action: 'owner', owner_id: assigned_to })
    else mutate({ assigned_to })
  }
  return (
    <ManyBar rows={rows.length} noun="lead" everything={everything}>
      <Choice
        label="Assign to…"
        choices={[...people, { value: '0', label: 'Nobody' }]}
        disabled={isPending}
        choose={id => assign(Number(id) || null)}
      />
      <Choice
        label="Set status…"
        choices={stages.map(({ key, name }) => ({ value: key, label: name }))}
        disabled={isPending || pipeline_ids.size > 1}
        title={pipeline_ids.size > 1 ? 'These are in different pipelines' : undefined}
        choose={toStage}
      />
      <Choice
        label="Priority…"
        choices={PRIORITIES}
        disabled={isPending || are_many}
        title={are_many ? `At most ${MOST} at once` : undefined}
        choose={value => mutate({ priority: Number(value) })}
      />
      <ExportButton of="leads" chosen={everything.chosen} />
      <LostDialog
        stage={lost}
        leads={rows.length}
        onClose={() => setLost(undefined)}
        confirm={lost_reason => {
          setStatus(lost!.key, lost_reason)
          setLost(undefined)
        }}
      />
    </ManyBar>
  )
}

type Change = Omit<LeadSelectionChange, 'ids'>

function useChange(rows: Lead[], clear: () => void) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: Change) => changeLeads(workspace_id, { ids: rows.map(({ id }) => id), ...change }),
    onSuccess: ({ leads }) => {
      notifications.show({ message: leads ? `${count(leads, 'lead')} changed` : 'They were like this already' })
      clear()
    },
    onError: error => notifications.show({ color: 'red', title: 'Nothing was changed', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
}
