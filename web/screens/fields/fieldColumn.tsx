import { type CustomField, UNSORTED } from '../../../shared/custom-fields.ts'
import type { Column } from '../../ui/TableHead.tsx'
import { fieldText } from './fieldText.tsx'

/** A field of the workspace's own as a column of a list. */
export function fieldColumn<T extends { custom: Record<string, unknown> }>(field: CustomField): Column<T> {
  const { key, label, type } = field
  return {
    key: `custom.${key}`,
    title: label,
    width: 'minmax(80px, 1fr)',
    ...((type === 'number' || type === 'money') && { align: 'right' as const }),
    ...(!UNSORTED.includes(type) && { sorts: [`custom.${key}`, `-custom.${key}`] as const }),
    cell: ({ custom }) => <span className="cut">{fieldText(field, custom[key]) ?? <span className="muted">–</span>}</span>,
  }
}
