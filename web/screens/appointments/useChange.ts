import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Appointment, AppointmentShown } from '../../../shared/appointments.ts'
import { appointment as appointmentQuery } from '../../api/appointments.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

type Verb<T> = (workspace_id: number, id: number, body: T) => Promise<AppointmentShown>

/**
 * Does one of the things that can be done with an appointment, and shows what the server made of it. A refusal is told at once, but for a time that
 * is taken and for fields that are wrong: whoever asks for those shows them.
 */
export function useChange<T>({ id }: Pick<Appointment, 'id'>, verb: Verb<T>, done?: (saved: AppointmentShown) => void) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: T) => verb(workspace_id, id, body),
    onSuccess: saved => {
      queries.setQueryData(appointmentQuery(workspace_id, id).queryKey, saved)
      done?.(saved)
    },
    onError: error => {
      if (!isTaken(error)) notifications.show({ color: 'red', title: 'This was not saved', message: sentenceOf(error) })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
}

export function isTaken(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'slot_taken'
}

/** What went wrong, and with which fields when that was said. */
export function sentenceOf(error: Error) {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : []
  return fields.length ? fields.map(([name, problem]) => `${name}: ${problem}`).join(' ') : error.message
}
