import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Appointment } from '../../../shared/appointments.ts'
import { confirmAppointment, missAppointment, reopenAppointment, routeAppointment } from '../../api/appointments.ts'
import { useMay } from '../../api/may.ts'
import { partners } from '../../api/routing.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { useMayChange } from '../leads/useUsers.ts'
import { AssignDialog } from './dialogs/AssignDialog.tsx'
import { CancelDialog } from './dialogs/CancelDialog.tsx'
import { CompleteDialog } from './dialogs/CompleteDialog.tsx'
import { HandOnDialog } from './dialogs/HandOnDialog.tsx'
import { RescheduleDialog } from './dialogs/RescheduleDialog.tsx'
import { useChange } from './useChange.ts'

export type Action = { key: string; label: string; run: () => void; primary?: boolean; danger?: boolean }
type Asks = 'complete' | 'move' | 'assign' | 'hand_on' | 'cancel'

/**
 * What somebody may do with an appointment now, what is likely first, and the dialogs that some of it asks in. Before it begins it is confirmed or
 * moved, afterwards it took place or did not.
 */
export function useActions(appointment: Appointment): { actions: Action[]; pending: boolean; dialogs: ReactNode } {
  const [asked, ask] = useState<Asks>()
  const may_change = useMayChange()(appointment)
  const may_assign = useMay('update')
  const confirm = useChange(appointment, workspace_id => confirmAppointment(workspace_id, appointment.id))
  const miss = useChange(appointment, workspace_id => missAppointment(workspace_id, appointment.id))
  const reopen = useChange(appointment, workspace_id => reopenAppointment(workspace_id, appointment.id))
  const route = useRoute(appointment)
  const { status } = appointment
  const begun = Date.parse(appointment.scheduled_at) <= Date.now()
  const confirming: Action = { key: 'confirm', label: 'Confirm', run: () => confirm.mutate(undefined), primary: !begun }
  const completing: Action = { key: 'complete', label: 'Complete…', run: () => ask('complete'), primary: begun }
  const missing: Action = { key: 'no-show', label: 'No-show', run: () => miss.mutate(undefined) }
  const reopening: Action = { key: 'reopen', label: 'Reopen', run: () => reopen.mutate(undefined) }
  const moving: Action = { key: 'move', label: 'Move…', run: () => ask('move') }
  const assigning: Action = { key: 'assign', label: 'Assign…', run: () => ask('assign') }
  const cancelling: Action = { key: 'cancel', label: 'Cancel…', run: () => ask('cancel'), danger: true }
  const routing: Action = { key: 'route', label: 'Ask the routing rules', run: () => route.mutate() }
  const handing: Action = { key: 'hand_on', label: 'Hand on…', run: () => ask('hand_on') }
  const { data: others } = useQuery({ ...partners(useWorkspaceId()), enabled: may_assign })
  const is_here = appointment.copy_workspace_id === null && appointment.origin_workspace_id === null
  const may_hand_on = is_here && (others?.data.some(({ accepts }) => accepts) ?? false)
  const rest = may_assign ? [assigning, routing, ...(may_hand_on ? [handing] : []), cancelling] : [cancelling]
  const possible = () => {
    if (!may_change || status === 'cancelled') return []
    if (status === 'completed') return [reopening]
    if (status === 'no_show') return [{ ...completing, primary: false }, reopening]
    if (begun) return [completing, missing, moving, ...rest]
    return [...(status === 'confirmed' ? [] : [confirming]), moving, completing, ...rest]
  }
  const close = () => ask(undefined)
  const when = (what: Asks) => (asked === what ? appointment : undefined)
  return {
    actions: possible(),
    pending: confirm.isPending || miss.isPending || reopen.isPending || route.isPending,
    dialogs: (
      <>
        <CompleteDialog appointment={when('complete')} onClose={close} />
        <RescheduleDialog appointment={when('move')} onClose={close} />
        <AssignDialog appointment={when('assign')} onClose={close} onElsewhere={() => ask('move')} />
        <HandOnDialog appointment={when('hand_on')} onClose={close} />
        <CancelDialog appointment={when('cancel')} onClose={close} />
      </>
    ),
  }
}

/** Says what the rules decided, also when it stays whose it was. */
function useRoute({ id }: Appointment) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => routeAppointment(workspace_id, id),
    onSuccess: ({ sentence }) => notifications.show({ message: sentence }),
    onError: error => notifications.show({ color: 'red', title: 'The rules could not be asked', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
}
