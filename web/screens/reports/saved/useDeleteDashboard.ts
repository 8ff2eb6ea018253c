import type { Dashboard } from '../../../../shared/dashboards.ts'
import { deleteDashboard } from '../../../api/dashboards.ts'
import { useDeletion } from '../../../api/useSetting.ts'

export function useDeleteDashboard({ id, name, is_shared }: Dashboard, done: () => void) {
  return useDeletion(
    async workspace_id => {
      await deleteDashboard(workspace_id, id)
      done()
    },
    name,
    is_shared ? 'It is gone for everybody in the workspace. The numbers stay.' : 'The numbers stay.',
  )
}
