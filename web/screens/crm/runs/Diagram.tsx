import { Link } from '@tanstack/react-router'
import type { CrmRun } from '../../../../shared/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { whole } from '../../../ui/numbers.ts'
import { MEMBER_STATES, type MemberState } from '../words.ts'

type Step = { state: MemberState; next?: Step[] }

/** The way of a member with an old id, as the diagram has it. */
const WAY: Step = {
  state: 'NotChecked',
  next: [
    {
      state: 'RequestedContact',
      next: [
        { state: 'OkResponse', next: [{ state: 'WroteSalesforceAppUserUid' }, { state: 'DbWriteOkErrorLogged' }] },
        { state: 'NotFound', next: [{ state: 'WroteNotFound' }, { state: 'DbWriteNotFoundErrorLogged' }] },
        { state: 'UnexpectedResponse', next: [{ state: 'WroteUnexpectedResponse' }, { state: 'DbWriteUnexpectedResFailure' }] },
      ],
    },
    { state: 'ScriptFailureLogged' },
  ],
}

/** How many members are where on their way. Each number leads to who they are. */
export function Diagram({ run }: { run: CrmRun }) {
  return (
    <nav className="crm-way" aria-label="Members by state">
      <ul>
        <Branch step={WAY} run={run} />
      </ul>
    </nav>
  )
}

function Branch({ step: { state, next }, run }: { step: Step; run: CrmRun }) {
  return (
    <li>
      <Node state={state} run={run} />
      {next && (
        <ul>
          {next.map(step => (
            <Branch key={step.state} step={step} run={run} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Node({ state, run: { id, counts } }: { state: MemberState; run: CrmRun }) {
  const params = { workspaceId: String(useWorkspaceId()), runId: String(id) }
  const { label, tone, about } = MEMBER_STATES[state]
  const count = counts[state] ?? 0
  return (
    <Link
      className="crm-node"
      to="/w/$workspaceId/crm/runs/$runId"
      params={params}
      search={{ tab: 'members', state }}
      title={`${about} (${state})`}
      data-tone={count > 0 ? tone : undefined}
    >
      <b className="number">{whole(count)}</b> <span>{label}</span>
    </Link>
  )
}
