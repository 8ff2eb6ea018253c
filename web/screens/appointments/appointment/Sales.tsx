import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { conversions } from '../../../api/conversions.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { worth } from '../../conversions/words.ts'

/** What came of it in money, each sale with its own page. */
export function Sales({ appointment: { id, status } }: { appointment: AppointmentShown }) {
  const workspace_id = useWorkspaceId()
  const { data } = useInfiniteQuery({ ...conversions(workspace_id, { appointment_id: id }), enabled: status === 'completed' })
  const sales = data?.pages.flatMap(({ data }) => data) ?? []
  if (!sales.length) return <span className="muted">nothing yet</span>
  return (
    <>
      {sales.map(sale => (
        <Link
          key={sale.id}
          className="text-link appointment-sale"
          to="/w/$workspaceId/conversions/$conversionId"
          params={{ workspaceId: String(workspace_id), conversionId: String(sale.id) }}
        >
          {worth(sale) ?? sale.type}
        </Link>
      ))}
    </>
  )
}
