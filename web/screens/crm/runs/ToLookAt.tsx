import { Link } from '@tanstack/react-router'
import { type CrmRun, FAILURE_STATES } from '../../../../shared/crm.ts'
import { crmRunMembersFile } from '../../../api/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'
import { CsvLink } from '../CsvLink.tsx'
import { MEMBER_STATES } from '../words.ts'
import './look.css'

/** What is left for a person: who did not arrive, why, and what to do about it. */
export function ToLookAt({ run }: { run: CrmRun }) {
  const failed = FAILURE_STATES.filter(state => (run.counts[state] ?? 0) > 0)
  if (failed.length === 0)
    return run.state === 'done' ? (
      <p className="crm-look-none">
        Everybody is known to {run.connection} by an id that is stored here. The migration can be finished: the ids of{' '}
        {run.from_connection} are not needed any more.
      </p>
    ) : null
  return (
    <section className="crm-look" aria-labelledby="crm-look">
      <h2 id="crm-look">To look at before the old ids may go</h2>
      <ul>
        {failed.map(state => (
          <Failed key={state} run={run} state={state} />
        ))}
      </ul>
    </section>
  )
}

function Failed({ run, state }: { run: CrmRun; state: (typeof FAILURE_STATES)[number] }) {
  const workspace_id = useWorkspaceId()
  const params = { workspaceId: String(workspace_id), runId: String(run.id) }
  const { label, about, todo } = MEMBER_STATES[state]
  return (
    <li>
      <div>
        <Link className="crm-look-who" to="/w/$workspaceId/crm/runs/$runId" params={params} search={{ tab: 'members', state }}>
          {label}: {count(run.counts[state] ?? 0, 'member')}
        </Link>
        <p className="muted">
          {about} {todo}
        </p>
      </div>
      <CsvLink href={crmRunMembersFile(workspace_id, run.id, { state })} label={`Download “${label}” as CSV`} />
    </li>
  )
}
