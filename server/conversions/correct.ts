import type postgres from 'postgres'
import type { Conversion, ConversionUpdate } from '../../shared/conversions.ts'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { changeConversion } from './change.ts'
import { requireSound, requireWhose } from './check.ts'
import { centsOf, inUnits } from './money.ts'
import { statusOf } from './void.ts'

/**
 * Lets a conversion be as if it had been entered like this. Throws `conflict` when it is void or not any more what `if_updated_at` saw,
 * `already_exists` for an order of another conversion, and `invalid_fields`.
 */
export function correctConversion(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: ConversionUpdate,
  actor: Actor,
): Promise<Conversion> {
  requireSound(given)
  return changeConversion(sql, workspace_id, id, actor, async now => {
    if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(now.updated_at).getTime()) throw refuse('conflict')
    const edits = editsOf(now, given)
    if (edits.length === 0) return null
    if (now.status === 'void') throw refuse('conflict', { message: 'This conversion is void. Restore it first.' })
    const wanted: Conversion = { ...now, ...Object.fromEntries(edits.map(([name]) => [name, given[name]])) }
    if (wanted.value < now.refunded)
      throw refuse('invalid_fields', { fields: { value: `must be at least ${now.refunded}: that was refunded` } })
    const { contact, lead } = await requireWhose(sql, workspace_id, {
      contact_id: given.contact_id ?? now.contact_id,
      lead_id: wanted.lead_id,
    })
    await requireFree(sql, workspace_id, wanted)
    // With a lead it is of the lead's contact, so that both go the same way when a merge is undone.
    if (lead && wanted.lead_id !== now.lead_id) wanted.contact_id = lead.contact_id
    else if (given.contact_id !== undefined) wanted.contact_id = contact!.id
    if (lead?.is_test) wanted.is_test = true
    const status = statusOf(wanted)
    const follows = (['contact_id', 'is_test'] as const).filter(name => wanted[name] !== now[name])
    const names = [...new Set([...edits.map(([name]) => name), ...follows])]
    return {
      action: 'conversion.corrected',
      columns: {
        ...pick(wanted, names),
        ...(given.value === undefined ? {} : { value: inUnits(centsOf(given.value)!) }),
        status,
      },
      before: pick(now, names),
      after: pick(wanted, names),
    }
  })
}

type Edit = keyof Omit<ConversionUpdate, 'if_updated_at'>

function editsOf(now: Conversion, given: ConversionUpdate) {
  const inText = (value: unknown) => JSON.stringify(value)
  return (Object.entries(given) as [Edit, unknown][]).filter(([name, value]) =>
    name === 'converted_at'
      ? Date.parse(value as string) !== new Date(now.converted_at).getTime()
      : inText(now[name]) !== inText(value),
  )
}

async function requireFree(sql: Sql, workspace_id: number, { id, type, order_id, booking_id }: Conversion) {
  const [taken] = await sql<{ id: number; is_order: boolean }[]>`
    select id, order_id is not distinct from ${order_id} as is_order
      from conversions
     where workspace_id = ${workspace_id} and id <> ${id}
       and (order_id = ${order_id} or (type = ${type} and booking_id = ${booking_id}))
     limit 1`
  if (!taken) return
  const message = `${taken.is_order ? `Order ${order_id}` : `Booking ${booking_id}`} is conversion ${taken.id} already.`
  throw refuse('already_exists', {
    message,
    fields: { [taken.is_order ? 'order_id' : 'booking_id']: `is conversion ${taken.id}` },
  })
}

function pick(conversion: Conversion, names: readonly (keyof Conversion)[]) {
  return Object.fromEntries(names.map(name => [name, conversion[name]]))
}
