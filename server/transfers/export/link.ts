import { createHmac } from 'node:crypto'
import type { Config } from '../../config.ts'
import { secretFor } from '../../secrets.ts'
import { sameText } from '../../workspaces/secrets.ts'

/** For so long a link works; a download that began with it may be resumed within that time. */
const HOUR_MS = 3_600_000

/** A link to the file of one export that needs no session, so that any program can fetch it, and go on where it was cut off. */
export function makeFileLink(config: Config, workspace_id: number, id: number, now = Date.now()) {
  const expires = now + HOUR_MS
  const said = `${workspace_id}.${id}.${expires}`
  const url = `${config.public_url}/api/v1/exports/${id}/file?token=${said}.${signatureOf(config, said)}`
  return { url, link_expires_at: new Date(expires).toISOString() }
}

/** The workspace that a link is of; undefined when it is none of ours, of another export, or too old. */
export function readFileLink(config: Config, id: number, token: string, now = Date.now()): number | undefined {
  const [workspace_id = '', of = '', expires = '', signature = ''] = token.split('.')
  if (Number(of) !== id || !(Number(expires) > now)) return undefined
  return sameText(signature, signatureOf(config, `${workspace_id}.${of}.${expires}`)) ? Number(workspace_id) : undefined
}

function signatureOf(config: Config, said: string) {
  return createHmac('sha256', secretFor(config, 'links to exports')).update(said).digest('base64url')
}
