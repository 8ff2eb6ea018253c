import { useState } from 'react'
import { CONVERSION_TYPES } from '../../../shared/conversions.ts'

/**
 * What was sold, as it is typed in before a lead is won or an appointment is done.
 * `conversion` is what the server is told, undefined when none is to be recorded.
 */
export function useSale(expected: number | null, records_at_first: boolean) {
  const [records, setRecords] = useState(records_at_first)
  const [value, setValue] = useState<number | string>(expected ?? '')
  const [type, setType] = useState<string>(CONVERSION_TYPES[0])
  const [order, setOrder] = useState('')
  const order_id = order.trim()
  const wrong_type = !/^[a-z0-9_]{1,50}$/.test(type)
  return {
    records,
    setRecords,
    value,
    setValue,
    type,
    setType,
    order,
    setOrder,
    wrong_type,
    incomplete: records && (value === '' || wrong_type),
    conversion: records ? { type, value: Number(value), ...(order_id && { order_id }) } : undefined,
  }
}
