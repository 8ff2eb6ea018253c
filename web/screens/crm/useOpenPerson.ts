import { useNavigate } from '@tanstack/react-router'
import { useWorkspaceId } from '../../api/workspace.ts'

/** Goes to what CRMs know of a person. */
export function useOpenPerson() {
  const navigate = useNavigate()
  const workspaceId = String(useWorkspaceId())
  return ({ contact_id }: { contact_id: number | null }) => {
    if (contact_id === null) return
    const params = { workspaceId, contactId: String(contact_id) }
    void navigate({ to: '/w/$workspaceId/contacts/$contactId', params, search: { tab: 'crm' } })
  }
}
