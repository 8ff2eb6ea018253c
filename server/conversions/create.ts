import type postgres from 'postgres'
import type { Conversion, ConversionCreate, ConversionSource } from '../../shared/conversions.ts'
import type { Actor } from '../../shared/shape.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { addConversions } from './add.ts'
import { requireSound, requireWhose, type Whose } from './check.ts'
import { findConversion } from './find.ts'
import { centsOf, inUnits } from './money.ts'

export type Created = { conversion: Conversion; is_new: boolean }
/** Where it comes from, and of which appointment it came. */
export type From = { source: ConversionSource; appointment_id?: number }
const BY_API: From = { source: 'api' }

/**
 * Records a conversion by hand, by the API, or with the lead that it wins. The same order again is the same conversion, so whoever is not
 * sure may send it once more: `is_new` is false, and nothing changes. Throws `already_exists` when it is not the same any more (that is
 * a correction) or was made void, and `invalid_fields`.
 */
export async function createConversion(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: ConversionCreate,
  actor: Actor,
  { source, appointment_id }: From = BY_API,
): Promise<Created> {
  const { contact_id, lead_id, distinct_id, type = 'sale', value = 0, currency = null, is_test = false } = given
  requireSound(given)
  if (typeof (contact_id ?? lead_id) !== 'number' && distinct_id === undefined)
    throw refuse('invalid_fields', { fields: { contact_id: 'or a lead_id or distinct_id is required' } })
  await lockIdentity(sql, [workspace_id])
  const whose = await requireWhose(sql, workspace_id, given)
  const [added] = await addConversions(
    sql,
    [
      {
        workspace_id,
        contact_id: whose.lead?.contact_id ?? whose.contact?.id ?? null,
        visitor_id: whose.visitor?.id ?? null,
        lead_id,
        type,
        value: inUnits(centsOf(value)!),
        currency,
        source,
        order_id: given.order_id ?? null,
        booking_id: given.booking_id ?? null,
        appointment_id: appointment_id ?? null,
        event: null,
        converted_at: given.converted_at ?? null,
        is_test,
        data: given.data ?? {},
      },
    ],
    actor,
  )
  const conversion = await findConversion(sql, workspace_id, added!.id)
  if (!added!.is_new) requireSame(conversion, { ...given, type, value, currency, appointment_id }, whose)
  return { conversion, is_new: added!.is_new }
}

type Same = {
  type: string
  value: number
  currency: string | null
  order_id?: string
  booking_id?: string
  appointment_id?: number | undefined
}

function requireSame(known: Conversion, given: Same, { contact, lead }: Whose) {
  const { id } = known
  const [named, field] = nameOf(given)
  const fields = { [field]: `is conversion ${id}` }
  if (known.status === 'void') {
    const message = `${named} is conversion ${id}, which is void. Restore it with POST /conversions/${id}/restoration.`
    throw refuse('already_exists', { message, fields })
  }
  const contact_id = contact?.root ?? lead?.root
  const differs = [
    ...(known.type === given.type ? [] : ['type']),
    ...(known.value === given.value ? [] : ['value']),
    ...(given.currency === null || known.currency === given.currency ? [] : ['currency']),
    ...(contact_id === undefined || known.contact_id === contact_id ? [] : ['contact_id']),
    ...(lead === null || known.lead_id === lead.id ? [] : ['lead_id']),
  ]
  if (differs.length === 0) return
  const message = `${named} is conversion ${id} already, with another ${differs.join(', ')}. To correct it, PATCH /conversions/${id}.`
  throw refuse('already_exists', { message, fields })
}

function nameOf({ order_id, booking_id, appointment_id }: Same): [named: string, field: string] {
  if (order_id !== undefined) return [`Order ${order_id}`, 'order_id']
  return booking_id === undefined
    ? [`The sale of appointment ${appointment_id}`, 'conversion']
    : [`Booking ${booking_id}`, 'booking_id']
}
