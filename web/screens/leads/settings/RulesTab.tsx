import { Button, Switch } from '@mantine/core'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AssignmentRule, AssignmentRuleUpdate } from '../../../../shared/assignment.ts'
import { assignmentRules, updateAssignmentRule } from '../../../api/leads.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { RowTools } from '../../../ui/RowTools.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { useUserName } from '../useUsers.ts'
import { RuleDialog } from './RuleDialog.tsx'
import { matchWords, STRATEGIES } from './ruleWords.ts'

/** Who gets a lead: the first rule that fits chooses among its people. */
export function RulesTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(assignmentRules(useWorkspaceId()))
  const [edited, edit] = useState<AssignmentRule | 'new'>()
  const { mutate } = useSetting(
    (workspace_id, { id, ...change }: AssignmentRuleUpdate & { id: number }) => updateAssignmentRule(workspace_id, id, change),
    'Rule saved',
  )
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The rules could not be loaded" />
  if (!data) return <SkeletonLines lines={6} padding="20px 0" />
  const add = may_change && (
    <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => edit('new')}>
      Add a rule
    </Button>
  )
  const rules = data.data
  return (
    <>
      {rules.length ? (
        <>
          <p className="muted settings-page-about">
            Looked at from the top: the first rule that fits a new lead chooses whose it is. When none does, or all its people
            have their fill of the day, the owner of the webhook gets it.
          </p>
          <ol className="setting-list" aria-label="Rules">
            {rules.map((rule, index) => (
              <li key={rule.id} className="rule-line">
                <Switch
                  aria-label={`${rule.name} is used`}
                  checked={rule.active}
                  disabled={!may_change}
                  onChange={({ currentTarget }) => mutate({ id: rule.id, active: currentTarget.checked })}
                />
                <button type="button" className="rule-open" disabled={!may_change} onClick={() => edit(rule)}>
                  <b>{rule.name}</b>
                  <span className="muted">{matchWords(rule.matches)}</span>
                  <span>
                    {STRATEGIES[rule.strategy].label}: <People rule={rule} />
                  </span>
                </button>
                {may_change && (
                  <RowTools
                    label={rule.name}
                    index={index}
                    length={rules.length}
                    move={to => mutate({ id: rule.id, position: to + 1 })}
                  />
                )}
              </li>
            ))}
          </ol>
          {add}
        </>
      ) : (
        <Empty icon={IconUsersGroup} title="Nobody is chosen yet" actions={add}>
          Without a rule a lead goes to the owner of its webhook, or to nobody. A rule shares leads out among people, by state,
          product or source, with a share and a limit for each.
        </Empty>
      )}
      <RuleDialog rule={edited} onClose={() => edit(undefined)} />
    </>
  )
}

function People({ rule }: { rule: AssignmentRule }) {
  const nameOfUser = useUserName()
  if (!rule.members.length) return <span className="muted">nobody yet</span>
  return (
    <>
      {rule.members
        .map(({ user_id, weight, cap_day, assigned_today }) => {
          const limit = cap_day === null ? '' : ` of ${cap_day}`
          return `${nameOfUser(user_id)}${weight > 1 ? ` ×${weight}` : ''} (${assigned_today}${limit} today)`
        })
        .join(', ')}
    </>
  )
}
