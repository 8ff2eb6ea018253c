import { harmless } from './harmless.ts'
import { read, readCookie, write, writeCookie } from './storage.ts'

export type Properties = Record<string, unknown>
export type Visitor = { distinct_id: string; user_id?: string; registered?: Properties }

/** Read anew for every event, so that a log-out in one tab counts in the others. */
export const visitor = (): Visitor => {
  const known: Visitor | undefined = harmless(JSON.parse)(read('tl_id')!)
  const shared = readCookie()
  // Subdomains share the cookie. If another one has rotated it, the user we remember has gone too.
  if (shared && !(known && known.distinct_id === shared)) return remember({ distinct_id: shared })
  return known || startAnew()
}

export const remember = (who: Visitor): Visitor => {
  write('tl_id', JSON.stringify(who))
  writeCookie(who.distinct_id)
  return who
}

export const startAnew = (): Visitor => remember({ distinct_id: uuid() })

/** A second user on one device is a second visitor: the first keeps what happened until now. */
export const becomes = (user: string | number): Visitor => {
  const user_id = `${user}`
  const now = visitor()
  return remember({ ...now, user_id, ...(now.user_id && now.user_id !== user_id && { distinct_id: uuid() }) })
}

/** The address of a blob is specified to end in a random UUID; `crypto.randomUUID` is missing on plain http. */
export const uuid = (): string => {
  const address = URL.createObjectURL(new Blob())
  URL.revokeObjectURL(address)
  return address.slice(-36)
}
