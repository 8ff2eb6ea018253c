import type { ReactNode } from 'react'
import type { CustomField, Money } from '../../../shared/custom-fields.ts'
import { money } from '../../ui/numbers.ts'
import { moment } from '../../ui/times.ts'

export const TYPE_WORDS: Record<CustomField['type'], string> = {
  text: 'Text',
  long_text: 'Long text',
  number: 'Number',
  money: 'Amount of money',
  boolean: 'Yes or no',
  date: 'Day',
  datetime: 'Time',
  select: 'One of several',
  multi_select: 'Several of several',
  url: 'Web address',
  email: 'E-mail',
  phone: 'Phone',
}

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 10 })

/** What somebody has in a field, to be read; null for nothing. */
export function fieldText({ type, options }: CustomField, value: unknown): ReactNode {
  if (value === undefined || value === null) return null
  const labelOf = (key: unknown) => options.find(option => option.key === key)?.label ?? String(key)
  if (Array.isArray(value)) return value.map(labelOf).join(', ')
  if (type === 'select') return labelOf(value)
  if (type === 'boolean') return value === true ? 'yes' : 'no'
  if (type === 'money') {
    const { amount, currency } = value as Money
    return <span className="number">{money(amount, currency)}</span>
  }
  if (type === 'number') return <span className="number">{NUMBER.format(Number(value))}</span>
  if (type === 'datetime') return moment(String(value))
  if (type === 'url')
    return (
      <a className="text-link" href={String(value)} target="_blank" rel="noreferrer">
        {String(value).replace(/^https?:\/\//i, '')}
      </a>
    )
  return <span style={{ whiteSpace: 'pre-wrap' }}>{String(value)}</span>
}
