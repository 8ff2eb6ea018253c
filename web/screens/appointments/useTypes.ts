import { useQuery } from '@tanstack/react-query'
import { appointmentTypes } from '../../api/appointments.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { workspace } from '../../api/workspaces.ts'
import { ownZone } from '../../ui/zones.ts'

/** What can be booked, in the order of the settings; none until they are loaded. */
export function useTypes() {
  const { data } = useQuery(appointmentTypes(useWorkspaceId()))
  return data?.data ?? []
}

/** What a type is called: nothing until the types are loaded; one that is not known here by what its sender called it. */
export function useTypeName() {
  const { data } = useQuery(appointmentTypes(useWorkspaceId()))
  return (type: string) => (data ? (data.data.find(({ key }) => key === type)?.name ?? type) : '')
}

/** The zone in which times of the workspace are shown. */
export function useZone() {
  const { data } = useQuery(workspace(useWorkspaceId()))
  return data?.time_zone ?? ownZone()
}
