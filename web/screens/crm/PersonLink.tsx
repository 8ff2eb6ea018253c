import { Link } from '@tanstack/react-router'
import { useWorkspaceId } from '../../api/workspace.ts'
import { nameOf } from '../contacts/names.ts'

type Props = {
  person: { contact_id: number; name: string | null; email: string | null }
  /** What the row opens, when that is not the person. */
  beside?: boolean
}

/** In a table: leads to what CRMs know of the person. */
export function PersonLink({ person: { contact_id, name, email }, beside = false }: Props) {
  const params = { workspaceId: String(useWorkspaceId()), contactId: String(contact_id) }
  return (
    <Link
      to="/w/$workspaceId/contacts/$contactId"
      params={params}
      search={{ tab: 'crm' }}
      className={beside ? 'text-link cut crm-beside' : 'table-link cut'}
      tabIndex={-1}
    >
      {nameOf({ id: contact_id, name, email })}
    </Link>
  )
}
