import { readToken, signToken } from '../../contacts/email-link.ts'

/** Which address is confirmed for which funnel by whoever follows the link. */
export type Confirmation = { workspace_id: number; funnel_id: string; email: string; expires_at: number }

const PATH = '/confirm/'

/** The address that a mail leads to: nobody can make one who has not read the mail. */
export function confirmationLink(secret: Buffer, public_url: string, given: Confirmation): string {
  const { workspace_id, funnel_id, email, expires_at } = given
  return `${public_url}${PATH}${signToken(secret, [workspace_id, funnel_id, email, expires_at])}`
}

/** Undefined when it was changed, is of another server, or is too old. */
export function readConfirmation(secret: Buffer, token: unknown, now: number): Confirmation | undefined {
  const [workspace_id, funnel_id, email, expires_at] = (readToken(secret, token) ?? []) as [number, string, string, number]
  return expires_at >= now ? { workspace_id, funnel_id, email, expires_at } : undefined
}
