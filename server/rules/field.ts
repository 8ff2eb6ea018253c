import { FieldRule } from '../../shared/segments.ts'
import { holdsCustom } from '../fields/ask.ts'
import type { Kind } from './kind.ts'
import { momentOf } from './moment.ts'

/** What a field of the workspace's own says. One that is gone says nothing. */
export const field: Kind<FieldRule> = {
  shape: FieldRule,
  check: ({ is, value }) => {
    if (is === 'empty') return value === undefined || typeof value === 'boolean' ? {} : { value: 'must be true or false' }
    if (value === undefined) return { value: 'is required: what to compare with' }
    if ((is === 'greater' || is === 'less') && typeof value !== 'number') return { value: 'must be a number' }
    if ((is === 'before' || is === 'after') && momentOf(value) === undefined)
      return { value: 'must be a day or a time, such as 2026-01-31' }
    return {}
  },
  holds: ({ sql }, { field, is, value = true, currency }) => {
    const is_time = (is === 'before' || is === 'after') && String(value).length > '2026-01-31'.length
    return holdsCustom(sql, 'c', { key: field, is, value: is_time ? momentOf(value)! : value, currency })
  },
}
