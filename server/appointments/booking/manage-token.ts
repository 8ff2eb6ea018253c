import { createHmac } from 'node:crypto'
import type { Config } from '../../config.ts'
import { type Secret, secretFor } from '../../secrets.ts'

type Named = { workspace_id: number; id: number }

/** What proves such tokens; derived from SECRET_KEY. */
export function manageKey(config: Config): Secret {
  return secretFor(config, 'appointments of customers')
}

/**
 * What a customer has in a mail to move or cancel an appointment without an account. It is nowhere stored: whoever has the key can
 * tell it. The `uid` is in it, because a database that was made anew begins its numbers at one again.
 */
export function manageToken(key: Buffer, { workspace_id, id, uid }: Named & { uid: string }): string {
  // 132 bits; it is tried against one appointment at a time, over the network.
  const proof = createHmac('sha256', key).update(`${workspace_id} ${id} ${uid}`).digest('base64url').slice(0, 22)
  return `${workspace_id.toString(36)}-${id.toString(36)}-${proof}`
}

/** Which appointment a token says that it is for; not proven yet: compare with `manageToken` of what is found. Undefined for what is none. */
export function readManageToken(token: string): Named | undefined {
  const [, workspace = '', appointment = ''] = /^([0-9a-z]{1,6})-([0-9a-z]{1,11})-[\w-]{22}$/.exec(token) ?? []
  const [workspace_id, id] = [Number.parseInt(workspace, 36), Number.parseInt(appointment, 36)]
  if (!(workspace_id > 0 && workspace_id <= 2_147_483_647 && id > 0 && id <= Number.MAX_SAFE_INTEGER)) return undefined
  return { workspace_id, id }
}

/** Where the customer follows it. */
export function manageAddress(public_url: string, token: string): string {
  return `${public_url}/booking/${token}`
}
