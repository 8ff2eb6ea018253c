import { Button, NumberInput, Switch } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Retention } from '../../../shared/privacy.ts'
import { useMay } from '../../api/may.ts'
import { changeRetention, retention, retentionPreview } from '../../api/privacy.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { count } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'

/** How long people who do nothing are kept, and whom that is about. */
export function RetentionTab() {
  const { data, error, refetch } = useQuery(retention(useWorkspaceId()))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The rule could not be loaded" />
  if (!data) return <SkeletonLines lines={4} />
  return <Rule key={data.unengaged_months} rule={data} />
}

function Rule({ rule }: { rule: Retention }) {
  const workspace_id = useWorkspaceId()
  const may_change = useMay('admin')
  const act = useAct()
  const is_on = rule.unengaged_months !== null
  const [months, choose] = useState(rule.unengaged_months ?? 12)
  const { data } = useQuery(retentionPreview(workspace_id, months))
  const save = (unengaged_months: number | null) =>
    void act(() => changeRetention(workspace_id, { unengaged_months }), { done: 'Saved', failed: 'The rule was not changed' })
  const ask = () =>
    modals.openConfirmModal({
      title: 'Erase people who do nothing?',
      children: `Once a day whoever did nothing for ${count(months, 'month')} is erased${data ? `: ${count(data.contacts, 'contact')} now` : ''}. It cannot be taken back.`,
      labels: { confirm: 'Erase them', cancel: 'Cancel' },
      confirmProps: { color: 'red' },
      onConfirm: () => save(months),
    })
  return (
    <>
      <p className="settings-page-about muted">
        Who did not come, was not changed and was not written about for so long is erased, as if they had asked for it. Whoever
        bought something, has an open lead or an appointment to come stays.
      </p>
      <div className="privacy-ask">
        <NumberInput
          label="Months without anything"
          w={180}
          min={1}
          max={240}
          allowDecimal={false}
          value={months}
          disabled={!may_change}
          onChange={value => typeof value === 'number' && value >= 1 && choose(value)}
        />
        <Switch
          label={is_on ? `Erases after ${count(rule.unengaged_months!, 'month')}` : 'Nobody is erased by time'}
          checked={is_on}
          disabled={!may_change}
          onChange={({ currentTarget: { checked } }) => (checked ? ask() : save(null))}
        />
        {is_on && months !== rule.unengaged_months && may_change && (
          <Button onClick={ask}>Change to {count(months, 'month')}</Button>
        )}
      </div>
      {data && (
        <>
          <p>{data.contacts === 0 ? 'That is nobody now.' : `That is ${count(data.contacts, 'contact')} now.`}</p>
          {data.sample.length > 0 && (
            <ul className="setting-list erasures" aria-label="Whom the rule is about">
              {data.sample.map(({ id, name, email, last_at }) => (
                <li key={id}>
                  <div className="erasure-head">
                    <Link
                      to="/w/$workspaceId/contacts/$contactId"
                      params={{ workspaceId: String(workspace_id), contactId: String(id) }}
                    >
                      {name ?? email ?? `Contact ${id}`}
                    </Link>
                    <span className="muted erasure-when">
                      <RelativeTime at={last_at} />
                    </span>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </>
  )
}
