import { Button, Switch } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconArrowForwardUp, IconPlus, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Forwarding, ForwardingRule, ForwardingRuleUpdate } from '../../../shared/forwarding.ts'
import { forwarding, switchForwarding, updateForwardingRule } from '../../api/forwarding.ts'
import { useMay } from '../../api/may.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { RuleDialog } from './RuleDialog.tsx'
import { RuleLine } from './RuleLine.tsx'
import { useChange } from './useChange.ts'
import './forwarding.css'

const route = getRouteApi('/w/$workspaceId/forwarding')

const AGAIN_MS = 10_000

/** Which leads are sent on to partners, and what became of them. */
export function ForwardingScreen() {
  const { workspaceId } = route.useParams()
  const may_change = useMay('admin')
  const [edited, edit] = useState<ForwardingRule | 'new'>()
  const { data, error, refetch } = useQuery({ ...forwarding(Number(workspaceId)), refetchInterval: AGAIN_MS })
  return (
    <>
      <PageHead title="Forwarding">
        <Button
          variant="default"
          leftSection={<IconSend size={15} stroke={1.6} />}
          renderRoot={props => (
            <Link to="/w/$workspaceId/deliveries" params={{ workspaceId }} search={{ event: 'forwarding.lead' }} {...props} />
          )}
        >
          What was sent
        </Button>
        {may_change && data && data.rules.length > 0 && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
            Add rule
          </Button>
        )}
      </PageHead>
      <div className="forwarding">
        {error && !data && <Failure error={error} retry={() => void refetch()} title="The rules could not be loaded" />}
        {!data && !error && <SkeletonLines lines={6} />}
        {data && <Loaded forwarding={data} may_change={may_change} edit={edit} />}
      </div>
      <RuleDialog rule={edited} onClose={() => edit(undefined)} />
    </>
  )
}

type LoadedProps = { forwarding: Forwarding; may_change: boolean; edit: (rule: ForwardingRule | 'new') => void }

function Loaded({ forwarding: { active, rules }, may_change, edit }: LoadedProps) {
  const { mutate } = useChange((workspace_id, { id, ...change }: ForwardingRuleUpdate & { id: number }) =>
    updateForwardingRule(workspace_id, id, change),
  )
  if (!rules.length)
    return (
      <Empty
        icon={IconArrowForwardUp}
        title="No lead is sent on"
        actions={may_change && <Button onClick={() => edit('new')}>Add rule</Button>}
      >
        A rule sends new leads to the endpoints of partners: all of them, or those of a state, a product or a source. Each lead
        goes to an endpoint once, signed, and is tried again when the partner does not answer.
      </Empty>
    )
  return (
    <>
      <MasterSwitch active={active} may_change={may_change} />
      <p className="muted forwarding-about">
        Every rule that fits a new lead sends it on. Test leads are never sent. Figures are of 30 days.
      </p>
      <ol aria-label="Rules" data-off={!active || undefined}>
        {rules.map((rule, index) => (
          <RuleLine
            key={rule.id}
            rule={rule}
            index={index}
            length={rules.length}
            may_change={may_change}
            edit={() => edit(rule)}
            change={change => mutate({ id: rule.id, ...change })}
          />
        ))}
      </ol>
    </>
  )
}

function MasterSwitch({ active, may_change }: { active: boolean; may_change: boolean }) {
  const { mutate } = useChange(switchForwarding)
  const ask = () =>
    modals.openConfirmModal({
      title: 'Send leads to partners?',
      children: 'From now on each new lead that fits a rule is sent to its endpoints. Leads that came before are not.',
      labels: { confirm: 'Send new leads on', cancel: 'Leave it off' },
      onConfirm: () => mutate(true),
    })
  return (
    <Switch
      className="forwarding-switch"
      size="md"
      label={active ? 'Leads are sent on' : 'Nothing is sent on'}
      description={active ? 'Turning this off stops all rules at once.' : 'The rules below send nothing until this is turned on.'}
      checked={active}
      disabled={!may_change}
      onChange={({ currentTarget: { checked } }) => (checked ? ask() : mutate(false))}
    />
  )
}
