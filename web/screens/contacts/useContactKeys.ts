import { useNavigate } from '@tanstack/react-router'
import { useWorkspaceId } from '../../api/workspace.ts'
import { useKeys } from '../../ui/keyboard.ts'

type Props = { show: (tab: string) => void; edit: () => void }

/** 1 to 8 for the tabs, `e` to edit, Backspace back to the list. */
export function useContactKeys({ show, edit }: Props) {
  const navigate = useNavigate()
  const params = { workspaceId: String(useWorkspaceId()) }
  const back = () => (history.length > 1 ? history.back() : void navigate({ to: '/w/$workspaceId/contacts', params }))
  useKeys({
    1: () => show('timeline'),
    2: () => show('leads'),
    3: () => show('appointments'),
    4: () => show('conversions'),
    5: () => show('identity'),
    6: () => show('properties'),
    7: () => show('crm'),
    8: () => show('notes'),
    e: edit,
    Backspace: back,
  })
}
