import { keepAnswers } from '../database/cache.ts'
import type { Context } from '../http/routes.ts'
import { secretFor, unseal } from '../secrets.ts'
import type { Secrets } from './formats/format.ts'

/** An intake webhook, as whoever knocks at its address needs it. How leads are read is asked for anew with each batch (settings.ts). */
export type Address = {
  workspace_id: number
  id: number
  /** Not active, or deleted: it says so, and keeps what comes. */
  active: boolean
  format: string
  secrets: Secrets
  require_provider: boolean
  require_signature: boolean
  allowed_ips: string[] | null
  answer: 'fast' | 'sync'
  test_mode: boolean
  redirect_url: string | null
}

/** Whoever changes a webhook or a provider says so here; every process drops what it kept. */
export const INTAKE_CHANNEL = 'intake_changed'

/** The webhook of an address. Looked up without a tenant, because the address is what tells it. */
export function openAddresses({ database, config }: Context) {
  const key = secretFor(config, 'intake')
  return keepAnswers<Address>(database, INTAKE_CHANNEL, async webhook_id => {
    const [row] = await database.system<(Omit<Address, 'secrets'> & { secrets: string | null })[]>`
      select workspace_id, id, active and deleted_at is null as active, format, secrets, require_provider, require_signature, allowed_ips,
             answer, test_mode, redirect_url
        from intake_webhooks
       where webhook_id = ${webhook_id}`
    return row && { ...row, secrets: openSecrets(key, row.secrets, row) }
  })
}

/** Sealed for their row: copied to another one they cannot be opened. */
export function boundTo({ workspace_id, id }: { workspace_id: number; id: number }) {
  return `intake_webhooks.secrets ${workspace_id} ${id}`
}

export function openSecrets(key: Buffer, sealed: string | null, row: { workspace_id: number; id: number }): Secrets {
  return sealed === null ? {} : (JSON.parse(unseal(key, sealed, boundTo(row))) as Secrets)
}
