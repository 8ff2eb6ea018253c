import { useQuery } from '@tanstack/react-query'
import { users } from '../../../api/users.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** So far apart that neighbours in the list are never taken for one another. */
const GOLDEN_ANGLE = 137.5
const FIRST = 205

/** The hue of a person, the same on every screen; none of nobody. */
export function useHue() {
  const { data } = useQuery(users(useWorkspaceId()))
  const ids = (data?.data ?? []).map(({ id }) => id).toSorted((one, other) => one - other)
  return (user_id: number | null) => {
    const index = user_id === null ? -1 : ids.indexOf(user_id)
    return index < 0 ? undefined : Math.round(FIRST + index * GOLDEN_ANGLE) % 360
  }
}
