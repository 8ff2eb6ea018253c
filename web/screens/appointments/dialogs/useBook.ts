import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AppointmentCreate, AppointmentShown } from '../../../../shared/appointments.ts'
import { createAppointment } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import { useZone } from '../useTypes.ts'

/** Books, and says for when. */
export function useBook(onBooked: (appointment: AppointmentShown) => void) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const zone = useZone()
  return useMutation({
    mutationFn: (body: AppointmentCreate) => createAppointment(workspace_id, body),
    onSuccess: booked => {
      const { scheduled_at } = booked
      notifications.show({ message: `Booked: ${shortDayIn(scheduled_at, zone)}, ${clockIn(scheduled_at, zone)}` })
      void queries.invalidateQueries({ queryKey: [workspace_id] })
      onBooked(booked)
    },
  })
}
