import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Retention } from '../../../shared/privacy.ts'
import { changeRetention, retention, retentionPreview } from '../../api/privacy.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { count } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { MonthsRule } from './MonthsRule.tsx'

/** How long people who do nothing are kept, and whom that is about; and how long events are. */
export function RetentionTab() {
  const { data, error, refetch } = useQuery(retention(useWorkspaceId()))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The rule could not be loaded" />
  if (!data) return <SkeletonLines lines={4} />
  return (
    <>
      <Rule key={`people ${data.unengaged_months}`} rule={data} />
      <EventRule key={`events ${data.event_months}`} rule={data} />
    </>
  )
}

function Rule({ rule }: { rule: Retention }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const [months, choose] = useState(rule.unengaged_months ?? 12)
  const { data } = useQuery(retentionPreview(workspace_id, { unengaged_months: months }))
  const save = (unengaged_months: number | null) =>
    void act(() => changeRetention(workspace_id, { unengaged_months }), { done: 'Saved', failed: 'The rule was not changed' })
  return (
    <>
      <p className="settings-page-about muted">
        Who did not come, was not changed and was not written about for so long is erased, as if they had asked for it. Whoever
        bought something, has an open lead or an appointment to come stays.
      </p>
      <MonthsRule
        label="Months without anything"
        months={months}
        choose={choose}
        held={rule.unengaged_months}
        says={{ on: 'Erases after', off: 'Nobody is erased by time' }}
        sure={{
          title: 'Erase people who do nothing?',
          children: `Once a day whoever did nothing for ${count(months, 'month')} is erased${data ? `: ${count(data.contacts, 'contact')} now` : ''}. It cannot be taken back.`,
          confirm: 'Erase them',
        }}
        save={save}
      />
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

function EventRule({ rule }: { rule: Retention }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const [months, choose] = useState(rule.event_months ?? 24)
  const { data } = useQuery(
    retentionPreview(workspace_id, { unengaged_months: rule.unengaged_months ?? 12, event_months: months }),
  )
  const save = (event_months: number | null) =>
    void act(() => changeRetention(workspace_id, { event_months }), { done: 'Saved', failed: 'The rule was not changed' })
  return (
    <section aria-label="Events">
      <h2 className="privacy-part">Events</h2>
      <p className="settings-page-about muted">
        What people did, event by event. What is counted from it stays: days, funnels, sources, and how far each contact came.
        Timelines, rules and the funnel report see the events that are kept.
        {rule.events_before && ` Events are kept since ${rule.events_before.slice(0, 10)}.`}
      </p>
      <MonthsRule
        label="Whole months to keep"
        months={months}
        choose={choose}
        held={rule.event_months}
        says={{ on: 'Deletes after', off: 'Events are kept for ever' }}
        sure={{
          title: 'Delete old events?',
          children: `From now on events are deleted that are from before the last ${count(months, 'whole month')}${data ? `: ${count(data.events ?? 0, 'event')} now` : ''}. It cannot be taken back.`,
          confirm: 'Delete them',
        }}
        save={save}
      />
      {data && <p>{data.events ? `That is ${count(data.events, 'event')} now.` : 'That is no event now.'}</p>}
    </section>
  )
}
