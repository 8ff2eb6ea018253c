import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { contactHealth, technicalReport } from '../../../api/health.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import type { Asked } from '../period.ts'
import { ContactsHealth } from './ContactsHealth.tsx'
import { Technical } from './Technical.tsx'
import '../journeys/dashboard.css'
import './health.css'

type Props = { search: Asked; ask: (change: Asked) => void }

const USUAL_DAYS = 7
const MOST_DAYS = 90

/** How many contacts there are and come, and whether everything here works as it should. */
export function HealthTab({ search, ask }: Props) {
  const workspace_id = useWorkspaceId()
  const days = Math.min(MOST_DAYS, search.days ?? USUAL_DAYS)
  const contacts = useQuery(contactHealth(workspace_id))
  const technical = useQuery({ ...technicalReport(workspace_id, days), placeholderData: keepPreviousData })
  return (
    <div className="dashboard">
      {contacts.error && !contacts.data && <Failure error={contacts.error} retry={() => void contacts.refetch()} />}
      {contacts.isPending && <Skeleton height={260} w="auto" m="var(--edge)" />}
      {contacts.data && <ContactsHealth health={contacts.data} />}
      {technical.error && !technical.data && <Failure error={technical.error} retry={() => void technical.refetch()} />}
      {technical.isPending && <Skeleton height={200} w="auto" m="var(--edge)" />}
      {technical.data && <Technical report={technical.data} choose={days => ask({ days })} />}
    </div>
  )
}
