import { Link } from '@tanstack/react-router'
import type { CrmLogEntry } from '../../../../shared/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import { Facts } from '../../../ui/Facts.tsx'
import { absolute } from '../../../ui/times.ts'
import { ERROR_KINDS } from '../words.ts'
import { crmOf, Person, whatOf } from './columns.tsx'

/** One failure, whole. */
export function Entry({ entry }: { entry: CrmLogEntry }) {
  const { at, operation, contact_id, email, run_id, code, kind, http_status, message, request_id } = entry
  const { label, todo } = ERROR_KINDS[kind]
  return (
    <>
      <p className="crm-said">{message}</p>
      <p className="muted crm-about">
        <b>{label}.</b> {todo}
      </p>
      <Facts
        facts={[
          ['When', absolute(at)],
          ['Tried', whatOf(operation)],
          ['CRM', crmOf(entry)],
          ['Person', contact_id === null && !email ? null : <Person key="person" entry={entry} />],
          ['Status', http_status],
          ['Code', <CopyText key="code" text={code} label="code" />],
          ['Request', request_id && <CopyText key="request" text={request_id} label="id of the request" />],
          ['Run', run_id && <RunLink key="run" id={run_id} />],
        ]}
      />
    </>
  )
}

function RunLink({ id }: { id: number }) {
  const params = { workspaceId: String(useWorkspaceId()), runId: String(id) }
  return (
    <Link className="text-link" to="/w/$workspaceId/crm/runs/$runId" params={params} search={{}}>
      Run {id}
    </Link>
  )
}
