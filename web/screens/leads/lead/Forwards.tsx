import { Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { LeadForward } from '../../../../shared/forwarding.ts'
import type { LeadShown } from '../../../../shared/leads.ts'
import type { Delivery } from '../../../../shared/webhooks.ts'
import { forwardLead, leadForwards } from '../../../api/leads.ts'
import { useMay } from '../../../api/may.ts'
import { endpoints } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { STATES } from '../../webhooks/words.ts'

/** To which partners the lead was sent on, by a rule or by hand. Not shown where nothing can be sent anywhere. */
export function Forwards({ lead }: { lead: LeadShown }) {
  const workspace_id = useWorkspaceId()
  const may_send = useMay('update') && !lead.is_test
  const { data } = useQuery(leadForwards(workspace_id, lead.id))
  const { data: known } = useInfiniteQuery(endpoints(workspace_id))
  const forwards = data?.data ?? []
  const others = (known?.pages.flatMap(page => page.data) ?? []).filter(
    ({ id }) => !forwards.some(({ endpoint_id }) => endpoint_id === id),
  )
  if (!forwards.length && !(may_send && others.length)) return null
  return (
    <Section title="Sent on">
      {forwards.length > 0 && (
        <ul className="lead-forwards">
          {forwards.map(forward => (
            <Line key={forward.id} forward={forward} />
          ))}
        </ul>
      )}
      {may_send && others.length > 0 && (
        <SendTo lead={lead} choices={others.map(({ id, name }) => ({ value: String(id), label: name }))} />
      )}
    </Section>
  )
}

function Line({ forward: { endpoint, rule, delivery_id, state, at } }: { forward: LeadForward }) {
  const workspaceId = String(useWorkspaceId())
  const words = STATES[state as Delivery['state']]
  return (
    <li>
      {delivery_id === null ? (
        <span className="cut">{endpoint}</span>
      ) : (
        <Link
          to="/w/$workspaceId/deliveries/$deliveryId"
          params={{ workspaceId, deliveryId: String(delivery_id) }}
          className="text-link cut"
        >
          {endpoint}
        </Link>
      )}
      {words && <Pill tone={words.tone}>{words.label}</Pill>}
      <span className="lead-forward-by muted cut">
        {rule ? `by the rule ${rule}` : 'by hand'}, <RelativeTime at={at} />
      </span>
    </li>
  )
}

function SendTo({ lead, choices }: { lead: LeadShown; choices: { value: string; label: string }[] }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: (endpoint_id: number) => forwardLead(workspace_id, lead.id, endpoint_id),
    onSuccess: () => notifications.show({ message: 'The lead is sent on' }),
    onError: error => notifications.show({ color: 'red', title: 'It was not sent on', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  return (
    <Select
      aria-label="Send it on to"
      placeholder="Send it on to…"
      searchable
      disabled={isPending}
      data={choices}
      value={null}
      onChange={id => id && mutate(Number(id))}
    />
  )
}
