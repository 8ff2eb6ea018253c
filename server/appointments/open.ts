import { OPEN_STATUSES } from '../../shared/appointments.ts'

/** Whether it takes the person's time: it has not ended. */
export function isOpen(status: unknown): boolean {
  return OPEN_STATUSES.some(one => one === status)
}
