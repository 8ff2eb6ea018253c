import { keepAnswers } from '../database/cache.ts'
import type { Database } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { hashOf } from '../workspaces/secrets.ts'
import { type Address, INTAKE_CHANNEL } from './address.ts'
import type { Raw } from './formats/format.ts'

/** A provider, as a delivery in its name needs it. */
export type Sender = {
  provider_id: string
  key_hash: Buffer
  active: boolean
  allowed_webhooks: number[] | null
  rate_limit: number | null
}

/** Says in whose name a delivery comes: null for none. Throws what is told to who may not. */
export type SenderOf = (address: Address, raw: Raw) => Promise<Sender | null>

export function openSenders(database: Database): SenderOf {
  const senders = keepAnswers<Sender>(database, INTAKE_CHANNEL, key => lookUp(database, key))
  return async (address, { headers }) => {
    const provider_id = headers.lead_source_provider_id ?? headers['lead-source-provider-id']
    if (provider_id === undefined) {
      if (address.require_provider) {
        throw refuse('unknown_provider', {
          message: 'Name the provider in the header lead_source_provider_id, and send its key.',
        })
      }
      return null
    }
    const sender = provider_id.length > 100 ? undefined : await senders.get(`${address.workspace_id} ${provider_id}`)
    const key = keyOf(headers)
    if (!sender || key === undefined || !hashOf(key).equals(sender.key_hash)) throw refuse('unknown_provider')
    if (!sender.active) throw refuse('forbidden', { message: 'This provider is switched off. Ask whom you send leads to.' })
    if (sender.allowed_webhooks !== null && !sender.allowed_webhooks.includes(address.id)) {
      throw refuse('forbidden', { message: 'This provider may not send to this webhook. Ask whom you send leads to.' })
    }
    return sender
  }
}

/** `x-api-key`, or Bearer. */
function keyOf(headers: Record<string, string>): string | undefined {
  const [scheme = '', value] = (headers.authorization ?? '').split(' ', 2)
  return headers['x-api-key'] ?? (scheme.toLowerCase() === 'bearer' ? value : undefined)
}

// Its use is noted at most once a minute.
async function lookUp({ system }: Database, key: string): Promise<Sender | undefined> {
  const at = key.indexOf(' ')
  const [workspace_id, provider_id] = [Number(key.slice(0, at)), key.slice(at + 1)]
  const [row] = await system<Sender[]>`
    with found as (
      select provider_id, key_hash, active, allowed_webhooks, rate_limit, last_used_at
        from providers
       where workspace_id = ${workspace_id} and provider_id = ${provider_id}
    ), noted as (
      update providers p
         set last_used_at = now()
        from found
       where p.workspace_id = ${workspace_id} and p.provider_id = found.provider_id
         and (found.last_used_at is null or found.last_used_at < now() - interval '1 minute')
    )
    select provider_id, key_hash, active, allowed_webhooks, rate_limit from found`
  return row
}
