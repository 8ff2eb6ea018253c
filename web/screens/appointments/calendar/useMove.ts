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

const MOVING = ['move an appointment']

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
  const change = (id: number, changed: Partial<Appointment>) =>
    queries.setQueriesData<Shown>(
      { queryKey: key },
      shown => shown && { ...shown, data: shown.data.map(one => (one.id === id ? { ...one, ...changed } : one)) },
    )
  const last = () => queries.isMutating({ mutationKey: MOVING }) < 2
  const { mutate } = useMutation({
    mutationKey: MOVING,
    // One after the other, so that who drags on quickly moves what the server made of the move before.
    scope: { id: MOVING.join() },
    mutationFn: ({ appointment: { id, updated_at }, at, duration_minutes }: Move) => {
      const known = queries.getQueriesData<Shown>({ queryKey: key }).flatMap(([, shown]) => shown?.data ?? [])
      const seen = known.filter(one => one.id === id).map(one => one.updated_at)
      const if_updated_at = [...seen, updated_at].toSorted().at(-1)!
      return rescheduleAppointment(workspace_id, id, { scheduled_at: at, duration_minutes, if_updated_at })
    },
    onMutate: async ({ appointment, at, duration_minutes }) => {
      await queries.cancelQueries({ queryKey: key })
      const ends_at = new Date(Date.parse(at) + duration_minutes * 60_000).toISOString()
      change(appointment.id, { scheduled_at: at, duration_minutes, ends_at })
    },
    onSuccess: saved => {
      const { id, updated_at, scheduled_at } = saved
      change(id, last() ? saved : { updated_at })
      notifications.show({ message: `Moved to ${shortDayIn(scheduled_at, zone)}, ${clockIn(scheduled_at, zone)}` })
    },
    onError: (error, { appointment, at, duration_minutes }) => {
      const { scheduled_at, duration_minutes: before, ends_at } = appointment
      change(appointment.id, { scheduled_at, duration_minutes: before, ends_at })
      if (isTaken(error)) setRefused({ appointment, refused: { at, duration_minutes, error } })
      else notifications.show({ color: 'red', title: 'The appointment went back', message: sentenceOf(error) })
    },
    onSettled: () => last() && queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  return { move: mutate, refused, forget: () => setRefused(undefined) }
}
