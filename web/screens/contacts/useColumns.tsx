import { useQuery } from '@tanstack/react-query'
import type { Contact } from '../../../shared/contacts.ts'
import { type CustomField, UNSORTED } from '../../../shared/custom-fields.ts'
import { offered } from '../../api/fields.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import type { Column } from '../../ui/TableHead.tsx'
import { fieldText } from '../fields/fieldText.tsx'
import { columns } from './columns.tsx'

/** Every column there is, one for each field of the workspace's own too, and those that an address asks for (`name,email,custom.loaves`). */
export function useColumns(asked: string | undefined) {
  const { data = [] } = useQuery(offered(useWorkspaceId(), 'contact'))
  const all = [...columns, ...data.map(columnOf)]
  const keys = asked === undefined ? columns.map(({ key }) => key) : ['name', ...asked.split(',')]
  const shown = all.filter(({ key }) => keys.includes(key))
  return { all, shown }
}

function columnOf(field: CustomField): Column<Contact> {
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

/** As the address says it; nothing where it is as it always is. */
export function columnsText(shown: string[]): string | undefined {
  const text = shown.join(',')
  return text === columns.map(({ key }) => key).join(',') ? undefined : text
}
