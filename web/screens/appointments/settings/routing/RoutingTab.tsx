import { Button, Group, Switch } from '@mantine/core'
import { IconFlask, IconPlus, IconRoute, IconUpload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RoutingRule, RoutingRuleUpdate } from '../../../../../shared/routing.ts'
import { moveRoutingRule, routingRules, updateRoutingRule } from '../../../../api/routing.ts'
import { useSetting } from '../../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../../api/workspace.ts'
import { Empty } from '../../../../ui/Empty.tsx'
import { Failure } from '../../../../ui/Failure.tsx'
import { RowTools } from '../../../../ui/RowTools.tsx'
import { SkeletonLines } from '../../../../ui/SkeletonLines.tsx'
import { Areas } from './Areas.tsx'
import { DryRun } from './DryRun.tsx'
import './routing.css'
import { RuleDialog } from './RuleDialog.tsx'
import { matchWords, targetWords } from './ruleWords.ts'
import { UploadRules } from './UploadRules.tsx'
import { useNames } from './useTargets.ts'

/** Who gets an appointment that nobody chose a person for: the first rule that fits decides. */
export function RoutingTab({ may_change }: { may_change: boolean }) {
  const rules = useInfiniteQuery(routingRules(useWorkspaceId()))
  const names = useNames()
  const [edited, edit] = useState<RoutingRule | 'new'>()
  const [shown, show] = useState<'trial' | 'upload'>()
  const { mutate } = useSetting(
    (workspace_id, { id, ...change }: RoutingRuleUpdate & { id: number }) => updateRoutingRule(workspace_id, id, change),
    'Rule saved',
  )
  const move = useSetting(
    (workspace_id, { id, position }: { id: number; position: number }) => moveRoutingRule(workspace_id, id, position),
    'Order saved',
  )
  if (rules.error && !rules.data) {
    return <Failure error={rules.error} retry={() => void rules.refetch()} title="The rules could not be loaded" />
  }
  if (!rules.data) return <SkeletonLines lines={6} padding="20px 0" />
  const list = rules.data.pages.flatMap(({ data }) => data)
  const add = may_change && (
    <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => edit('new')}>
      Add a rule
    </Button>
  )
  return (
    <>
      {list.length ? (
        <>
          <p className="muted settings-page-about">
            Asked from the top when an appointment has nobody: the first rule that fits says whose it is. When nobody of it can,
            its fallbacks are asked, and after them it waits under Appointments, Nobody’s yet.
          </p>
          <ol className="setting-list" aria-label="Routing rules">
            {list.map((rule, index) => (
              <li key={rule.id} className="routing-line">
                <Switch
                  aria-label={`${rule.name} is used`}
                  checked={rule.active}
                  disabled={!may_change}
                  onChange={({ currentTarget }) => mutate({ id: rule.id, active: currentTarget.checked })}
                />
                <button type="button" className="routing-open" onClick={() => edit(rule)}>
                  <b>{rule.name}</b>
                  <span className="muted">{matchWords(rule.matches, names)}</span>
                  <span>
                    → {[rule.target, ...rule.fallback].map(target => targetWords(target, names)).join(', else ')}
                    {!rule.needs_free && rule.target.kind !== 'workspace' && (
                      <span className="muted"> · also who has no time</span>
                    )}
                  </span>
                </button>
                {may_change && (
                  <RowTools
                    label={rule.name}
                    index={index}
                    length={rules.hasNextPage ? list.length + 1 : list.length}
                    move={to => move.mutate({ id: rule.id, position: list[to]?.position ?? rule.position + 1 })}
                  />
                )}
              </li>
            ))}
          </ol>
          {rules.hasNextPage && (
            <Button variant="subtle" mb="sm" loading={rules.isFetchingNextPage} onClick={() => void rules.fetchNextPage()}>
              Show more
            </Button>
          )}
          <Group gap="xs">
            {add}
            <Button variant="default" leftSection={<IconFlask size={15} />} onClick={() => show('trial')}>
              Try them on past appointments
            </Button>
            {may_change && (
              <Button variant="default" leftSection={<IconUpload size={15} />} onClick={() => show('upload')}>
                Upload a sheet
              </Button>
            )}
          </Group>
        </>
      ) : (
        <Empty
          icon={IconRoute}
          title="No rule yet"
          actions={
            may_change && (
              <>
                {add}
                <Button variant="subtle" leftSection={<IconUpload size={15} />} onClick={() => show('upload')}>
                  Upload a sheet
                </Button>
              </>
            )
          }
        >
          Without a rule, an appointment that nobody chose a person for waits until somebody does. A rule gives it to a person, a
          pool or another workspace, by product, area, source, language, score or time.
        </Empty>
      )}
      <Areas may_change={may_change} />
      <RuleDialog rule={edited} may_change={may_change} onClose={() => edit(undefined)} />
      <DryRun opened={shown === 'trial'} onClose={() => show(undefined)} />
      <UploadRules opened={shown === 'upload'} onClose={() => show(undefined)} />
    </>
  )
}
