import { ActionIcon, Switch } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ForwardingRule, ForwardingRuleUpdate } from '../../../shared/forwarding.ts'
import { endpoints } from '../../api/webhooks.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Figures } from '../../ui/Figures.tsx'
import { whole } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { matchWords } from '../leads/settings/ruleWords.ts'

type Props = {
  rule: ForwardingRule
  index: number
  length: number
  may_change: boolean
  edit: () => void
  change: (change: ForwardingRuleUpdate) => void
}

/** One rule: which leads, where to, and what became of them. */
export function RuleLine({ rule, index, length, may_change, edit, change }: Props) {
  const nameOf = useEndpointName()
  const { name, active, matches, endpoint_ids, stop, figures } = rule
  return (
    <li className="forwarding-rule">
      <Switch
        aria-label={`${name} is used`}
        checked={active}
        disabled={!may_change}
        onChange={({ currentTarget: { checked } }) => change({ active: checked })}
      />
      <button type="button" className="forwarding-open" disabled={!may_change} onClick={edit}>
        <b>{name}</b>
        <span className="muted">For {matchWords(matches)}</span>
        <span>
          To {endpoint_ids.map(nameOf).join(', ')}
          {stop && <span className="muted"> · no later rule sees them</span>}
        </span>
      </button>
      <Figures
        figures={[
          { label: 'Leads', value: whole(figures.leads) },
          { label: 'Delivered', value: whole(figures.delivered) },
          { label: 'Waiting', value: whole(figures.waiting) },
          { label: 'Failed', value: whole(figures.failed) },
          { label: 'Last', value: <RelativeTime at={figures.last_at} empty="never" /> },
        ]}
      />
      {may_change && (
        <span className="forwarding-move">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Move ${name} up`}
            disabled={index === 0}
            onClick={() => change({ position: index })}
          >
            <IconArrowUp size={15} stroke={1.7} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Move ${name} down`}
            disabled={index === length - 1}
            onClick={() => change({ position: index + 2 })}
          >
            <IconArrowDown size={15} stroke={1.7} />
          </ActionIcon>
        </span>
      )}
    </li>
  )
}

function useEndpointName() {
  const { data } = useInfiniteQuery(endpoints(useWorkspaceId()))
  const known = data?.pages.flatMap(page => page.data) ?? []
  return (id: number) => known.find(endpoint => endpoint.id === id)?.name ?? `endpoint ${id}`
}
