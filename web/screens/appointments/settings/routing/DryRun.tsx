import { Alert, Button, Group, Modal, Select } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { DecisionTarget, RoutingDryRun, RoutingRule, RoutingTrial } from '../../../../../shared/routing.ts'
import { allRoutingRules, tryRouting } from '../../../../api/routing.ts'
import { useWorkspaceId } from '../../../../api/workspace.ts'
import { count } from '../../../../ui/numbers.ts'
import { useNames } from './useTargets.ts'

const DAYS = [
  { value: '7', label: 'The last 7 days' },
  { value: '30', label: 'The last 30 days' },
  { value: '90', label: 'The last 90 days' },
  { value: '366', label: 'The last year' },
]

/** Who would have had the appointments of the past by the rules as they are. Changes nothing. */
export function DryRun({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title="Try the rules">
      <TryRules />
    </Modal>
  )
}

type Tried = NonNullable<RoutingDryRun['rules']>[number]
/** A rule as it stands in a form; without `id` it is a new one, which is asked last. */
export type DraftRule = { id: number | undefined; rule: Tried }

export function TryRules({ draft }: { draft?: DraftRule }) {
  const workspace_id = useWorkspaceId()
  const [days, setDays] = useState('30')
  const { mutate, isPending, data, error, reset } = useMutation({
    mutationFn: async () => {
      const rules = draft && withDraft(await allRoutingRules(workspace_id), draft)
      return tryRouting(workspace_id, { days: Number(days), ...(rules && { rules }) })
    },
  })
  return (
    <>
      <p className="muted routing-about">
        As if the appointments came again, one after the other{draft && ', and the rule were published as it stands here'}.
        Nothing is changed and nobody loses a turn; everybody counts as having time, because calendars of the past show what
        became of them.
      </p>
      <Group align="end" gap="sm">
        <Select
          label="Appointments of"
          allowDeselect={false}
          data={DAYS}
          value={days}
          onChange={value => {
            if (value) setDays(value)
            reset()
          }}
        />
        <Button loading={isPending} onClick={() => mutate()}>
          Try them
        </Button>
      </Group>
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      {data && <Trial trial={data} />}
    </>
  )
}

/** What appears below what was clicked is not to be missed. One function, so that it is called once. */
export function bringIntoView(node: HTMLElement | null) {
  node?.scrollIntoView({ block: 'nearest' })
}

function withDraft(rules: RoutingRule[], { id, rule }: DraftRule): Tried[] {
  const all = rules.map(({ id: known, name, active, matches, target, fallback, needs_free }) =>
    known === id ? { ...rule, active } : { name, active, matches, target, fallback, needs_free },
  )
  return id === undefined ? [...all, rule] : all
}

function Trial({ trial: { appointments, changed, unrouted, by_target, by_rule } }: { trial: RoutingTrial }) {
  const names = useNames()
  const nameOf = (target: DecisionTarget) =>
    target.kind === 'person'
      ? names.user(target.user_id)
      : target.kind === 'workspace'
        ? names.workspace(target.workspace_id)
        : 'Nobody'
  if (appointments === 0) return <p className="muted routing-about">There are no appointments of these days.</p>
  return (
    <div role="status" ref={bringIntoView}>
      <p className="routing-sum">
        Of {count(appointments, 'appointment')}, <b>{changed}</b> would be somebody else’s and <b>{unrouted}</b> nobody’s.
      </p>
      <div className="routing-counts">
        <Counts
          title="Who would have them"
          rows={by_target.map(({ target, count }) => ({ key: JSON.stringify(target), name: nameOf(target), count }))}
        />
        <Counts
          title="By which rule"
          rows={by_rule.map(({ rule_id, index, name, count }) => ({
            key: `${rule_id} ${index}`,
            name: name ?? 'No rule fits',
            count,
          }))}
        />
      </div>
    </div>
  )
}

function Counts({ title, rows }: { title: string; rows: { key: string; name: string; count: number }[] }) {
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {rows.map(({ key, name, count }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td className="number">{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
