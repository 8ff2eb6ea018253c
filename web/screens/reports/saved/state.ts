import { hashKey } from '@tanstack/react-query'
import type { Dashboard } from '../../../../shared/dashboards.ts'

/** What stands in the address of the report. */
export type State = Dashboard['state']

/** What is saved of it: not which dashboard it was, nor whose list is open. */
export function stateOf({ dashboard: _, people: __, ...search }: State): State {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}

/** Whatever order its parts have come back in. */
export function sameState(one: State, other: State) {
  return hashKey([one]) === hashKey([other])
}
