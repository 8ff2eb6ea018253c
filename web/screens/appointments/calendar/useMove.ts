import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { calendarKey, rescheduleAppointment } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import type { Refused } from '../dialogs/RescheduleDialog.tsx'
import { isTaken, sentenceOf } from '../useChange.ts'
import { useZone } from '../useTypes.ts'

export type Move = { appointment: Appointment; at: string; duration_minutes: number }

type Shown = { data: Appointment[]; complete: boolean }

/**
 * Moves an appointment on screen at once, and back when the server refuses. A time that is taken is kept with what is free instead, until somebody
 * decided.
 */
export function useMove() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const zone = useZone()
  const [refused, setRefused] = useState<{ appointment: Appointment; refused: Refused }>()
  const key = calendarKey(workspace_id)
  const show = (changed: Appointment) =>
    queries.setQueriesData<Shown>(
      { queryKey: key },
      shown => shown && { ...shown, data: shown.data.map(one => (one.id === changed.id ? changed : one)) },
    )
  const { mutate } = useMutation({
    mutationFn: ({ appointment: { id, updated_at }, at, duration_minutes }: Move) =>
      rescheduleAppointment(workspace_id, id, { scheduled_at: at, duration_minutes, if_updated_at: updated_at }),
    onMutate: async ({ appointment, at, duration_minutes }) => {
      await queries.cancelQueries({ queryKey: key })
      const ends_at = new Date(Date.parse(at) + duration_minutes * 60_000).toISOString()
      show({ ...appointment, scheduled_at: at, duration_minutes, ends_at })
    },
    onSuccess: (saved, { appointment }) => {
      show({ ...appointment, ...saved })
      notifications.show({
        message: `Moved to ${shortDayIn(saved.scheduled_at, zone)}, ${clockIn(saved.scheduled_at, zone)}`,
      })
    },
    onError: (error, { appointment, at, duration_minutes }) => {
      show(appointment)
      if (isTaken(error)) setRefused({ appointment, refused: { at, duration_minutes, error } })
      else notifications.show({ color: 'red', title: 'The appointment went back', message: sentenceOf(error) })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  return { move: mutate, refused, forget: () => setRefused(undefined) }
}
