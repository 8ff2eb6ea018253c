import type { Dashboard } from '../../../../shared/dashboards.ts'
import { createDashboard, updateDashboard } from '../../../api/dashboards.ts'
import { useMay } from '../../../api/may.ts'
import { NamedForm } from '../../views/NamedForm.tsx'

type Props = {
  /** The one that is renamed; a new one is made without. */
  dashboard?: Dashboard | undefined
  state: Dashboard['state']
  close: () => void
  done: (dashboard: Dashboard) => void
}

/** A name, and who sees it. */
export function DashboardForm({ dashboard, state, close, done }: Props) {
  const may_share = useMay('update')
  return (
    <NamedForm
      named={dashboard}
      example="Spring campaign"
      longest={200}
      may_share={may_share && (!dashboard?.is_shared || dashboard.is_mine)}
      saved="The dashboard was saved"
      save={(workspace_id, given) =>
        dashboard
          ? updateDashboard(workspace_id, dashboard.id, { ...given, if_updated_at: dashboard.updated_at })
          : createDashboard(workspace_id, { ...given, state })
      }
      close={close}
      done={done}
    />
  )
}
