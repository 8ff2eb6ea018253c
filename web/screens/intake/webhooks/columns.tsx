import { Link } from '@tanstack/react-router'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import { whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { useTypeName } from '../../leads/useStages.ts'
import { WebhookState } from '../WebhookState.tsx'
import { waitingWords } from '../words.ts'
import './webhooks.css'

const nothing = <span className="muted">–</span>

export const columns: Column<IntakeWebhook>[] = [
  {
    key: 'name',
    title: 'Webhook',
    width: 'minmax(0, 1.4fr)',
    cell: webhook => (
      <span className="intake-lines">
        <span className="cut">
          <WebhookLink webhook={webhook} />
        </span>
        <span className="cut muted">
          <TypeName lead_type={webhook.lead_type} />
        </span>
      </span>
    ),
  },
  { key: 'state', title: 'State', width: '92px', cell: webhook => <WebhookState webhook={webhook} /> },
  {
    key: 'address',
    title: 'Address',
    width: 'minmax(0, 1.8fr)',
    cell: ({ url, name }) => <CopyText text={url} label={`address of ${name}`} />,
  },
  {
    key: 'today',
    title: 'Leads today',
    width: '84px',
    align: 'right',
    cell: ({ accepted_today, received_today }) =>
      received_today ? (
        <span className="intake-lines">
          <span>{whole(accepted_today)}</span>
          <span className="muted">of {whole(received_today)}</span>
        </span>
      ) : (
        nothing
      ),
  },
  {
    key: 'waiting',
    title: 'Waiting',
    width: '72px',
    align: 'right',
    cell: ({ waiting }) =>
      waiting ? (
        <span className="intake-waiting" title="Captured, or in quarantine">
          {waitingWords(waiting)}
        </span>
      ) : (
        nothing
      ),
  },
  {
    key: 'last',
    title: 'Last received',
    width: '96px',
    align: 'right',
    cell: ({ last_received_at }) => <RelativeTime at={last_received_at} empty="never" />,
  },
]

function TypeName({ lead_type }: { lead_type: string }) {
  return useTypeName()(lead_type)
}

function WebhookLink({ webhook: { id, name } }: { webhook: IntakeWebhook }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/intake/$webhookId"
      params={{ workspaceId, webhookId: String(id) }}
      className="table-link"
      tabIndex={-1}
    >
      {name}
    </Link>
  )
}

export function CompactWebhook({ webhook }: { webhook: IntakeWebhook }) {
  const { lead_type, accepted_today, waiting } = webhook
  return (
    <div className="intake-compact">
      <span className="cut">
        <WebhookLink webhook={webhook} />
      </span>
      <WebhookState webhook={webhook} />
      <span className="cut muted">
        <TypeName lead_type={lead_type} />
      </span>
      <span className="muted number">
        {whole(accepted_today)} today
        {waiting > 0 && <span className="intake-waiting"> · {waitingWords(waiting)} waiting</span>}
      </span>
    </div>
  )
}
