import { useQuery } from '@tanstack/react-query'
import { session } from './session.ts'

/** As it stands in an address: somebody, 0 for nobody, or whoever looks at it. So what somebody shares is another's own to them. */
export type Whose = number | 'me'

/** Whom the API is to be asked for. */
export function useWhose() {
  const { data } = useQuery(session)
  return (whose: Whose | undefined) => (whose === 'me' ? data?.user.id : whose)
}

export function readWhose(choice: string | null): Whose | undefined {
  if (choice === null) return undefined
  return choice === 'me' ? 'me' : Number(choice)
}
