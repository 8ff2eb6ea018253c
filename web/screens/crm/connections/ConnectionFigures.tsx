import { Link } from '@tanstack/react-router'
import type { CrmConnection } from '../../../../shared/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Figures } from '../../../ui/Figures.tsx'
import { whole } from '../../../ui/numbers.ts'

/** How many have an id there, wait, or were not taken. Each leads to who they are. */
export function ConnectionFigures({ connection: { id, links, waiting, failed } }: { connection: CrmConnection }) {
  const params = { workspaceId: String(useWorkspaceId()) }
  const of_links = { tab: 'links', connection_id: id } as const
  const shown = [
    { label: 'Linked', count: links, search: { ...of_links, state: 'WroteSalesforceAppUserUid' } },
    { label: 'Waiting', count: waiting, search: { ...of_links, due: true } },
    { label: 'Not taken', count: failed, search: { ...of_links, state: 'WroteSalesforceErrorToDb' } },
  ] as const
  return (
    <Figures
      figures={shown.map(({ label, count, search }) => ({
        label,
        value: (
          <Link className="crm-figure" to="/w/$workspaceId/crm" params={params} search={search}>
            {whole(count)}
          </Link>
        ),
      }))}
    />
  )
}
