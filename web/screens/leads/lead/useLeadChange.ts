import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { LeadShown, LeadStatusChange, LeadUpdate } from '../../../../shared/leads.ts'
import { changeStatus, lead as leadQuery, updateLead } from '../../../api/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Saves some fields of a lead, and shows what the server made of them. */
export function useLeadChange(lead: LeadShown) {
  const workspace_id = useWorkspaceId()
  return useSaved(lead, (change: LeadUpdate) => updateLead(workspace_id, lead.id, change))
}

/** Refused when somebody else moved it meanwhile: then the screen shows where it is now. */
export function useStatusChange(lead: LeadShown) {
  const workspace_id = useWorkspaceId()
  return useSaved(lead, (change: LeadStatusChange) =>
    changeStatus(workspace_id, lead.id, { ...change, if_updated_at: lead.updated_at }),
  )
}

function useSaved<T>({ id }: LeadShown, save: (change: T) => Promise<LeadShown>) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: save,
    onSuccess: saved => queries.setQueryData(leadQuery(workspace_id, id).queryKey, saved),
    onError: error => notifications.show({ color: 'red', title: 'This was not saved', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
}
