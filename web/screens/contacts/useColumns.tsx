import { useQuery } from '@tanstack/react-query'
import type { Contact } from '../../../shared/contacts.ts'
import { offered } from '../../api/fields.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { fieldColumn } from '../fields/fieldColumn.tsx'
import { columns } from './columns.tsx'

/** Every column there is, one for each field of the workspace's own too, and those that an address asks for (`name,email,custom.loaves`). */
export function useColumns(asked: string | undefined) {
  const { data = [] } = useQuery(offered(useWorkspaceId(), 'contact'))
  const all = [...columns, ...data.map(field => fieldColumn<Contact>(field))]
  const keys = asked === undefined ? columns.map(({ key }) => key) : ['name', ...asked.split(',')]
  const shown = all.filter(({ key }) => keys.includes(key))
  return { all, shown }
}

/** As the address says it; nothing where it is as it always is. */
export function columnsText(shown: string[]): string | undefined {
  const text = shown.join(',')
  return text === columns.map(({ key }) => key).join(',') ? undefined : text
}
