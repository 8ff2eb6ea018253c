import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Retention, RetentionPreview, RetentionUpdate } from '../../../shared/privacy.ts'
import { changeRetention, retention, retentionPreview } from '../../api/privacy.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { count } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { MonthsRule } from './MonthsRule.tsx'

/** After how long people who do nothing are archived and erased, and whom that is about; and how long events are kept. */
export function RetentionTab() {
  const { data, error, refetch } = useQuery(retention(useWorkspaceId()))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The rule could not be loaded" />
  if (!data) return <SkeletonLines lines={4} />
  return (
    <>
      <p className="settings-page-about muted">
        The two rules are about who did not come, was not changed and was not written about for so long. Whoever bought something,
        has an open lead or an appointment to come stays.
      </p>
      <ArchiveRule key={`archive ${data.archive_months}`} rule={data} />
      <EraseRule key={`people ${data.unengaged_months}`} rule={data} />
      <EventRule key={`events ${data.event_months}`} rule={data} />
    </>
  )
}

function ArchiveRule({ rule }: { rule: Retention }) {
  const { preview, ...chosen } = useRule(rule, 'archive_months', 12)
  const found = preview?.archived
  return (
    <section aria-label="Archive">
      <h2 className="privacy-part">Archive</h2>
      <p className="settings-page-about muted">
        They leave lists, segments and counts with everything of theirs, and are back when they do something.
      </p>
      <MonthsRule
        label="Months without anything"
        {...chosen}
        says={{ on: 'Archives after', off: 'Nobody is archived by time' }}
        sure={{
          title: 'Archive people who do nothing?',
          children: `Once a day whoever did nothing for ${count(chosen.months, 'month')} is archived${found ? `: ${count(found.contacts, 'contact')} now` : ''}. Each can be restored.`,
          confirm: 'Archive them',
          can_be_undone: true,
        }}
      />
      {found && <Unengaged found={found} label="Whom archiving is about" />}
    </section>
  )
}

function EraseRule({ rule }: { rule: Retention }) {
  const { preview, ...chosen } = useRule(rule, 'unengaged_months', 12)
  const found = preview?.erased
  return (
    <section aria-label="Erase">
      <h2 className="privacy-part">Erase</h2>
      <p className="settings-page-about muted">They are erased as if they had asked for it, also those who are archived.</p>
      <MonthsRule
        label="Months without anything"
        {...chosen}
        says={{ on: 'Erases after', off: 'Nobody is erased by time' }}
        sure={{
          title: 'Erase people who do nothing?',
          children: `Once a day whoever did nothing for ${count(chosen.months, 'month')} is erased${found ? `: ${count(found.contacts, 'contact')} now` : ''}. It cannot be taken back.`,
          confirm: 'Erase them',
        }}
      />
      {found && <Unengaged found={found} label="Whom erasing is about" />}
    </section>
  )
}

function Unengaged({ found, label }: { found: NonNullable<RetentionPreview['erased']>; label: string }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <>
      <p>{found.contacts === 0 ? 'That is nobody now.' : `That is ${count(found.contacts, 'contact')} now.`}</p>
      {found.sample.length > 0 && (
        <ul className="setting-list erasures" aria-label={label}>
          {found.sample.map(({ id, name, email, last_at }) => (
            <li key={id}>
              <div className="erasure-head">
                <Link
                  to="/w/$workspaceId/contacts/$contactId"
                  params={{ workspaceId, contactId: String(id) }}
                  className="text-link"
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
  )
}

function EventRule({ rule }: { rule: Retention }) {
  const { preview, ...chosen } = useRule(rule, 'event_months', 24)
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
        {...chosen}
        says={{ on: 'Deletes after', off: 'Events are kept for ever' }}
        sure={{
          title: 'Delete old events?',
          children: `From now on events are deleted that are from before the last ${count(chosen.months, 'whole month')}${preview ? `: ${count(preview.events ?? 0, 'event')} now` : ''}. It cannot be taken back.`,
          confirm: 'Delete them',
        }}
      />
      {preview && <p>{preview.events ? `That is ${count(preview.events, 'event')} now.` : 'That is no event now.'}</p>}
    </section>
  )
}

/** A rule that goes by months: what is chosen, what holds, whom what is chosen is about, and how it comes to hold. */
function useRule(rule: Retention, name: keyof RetentionUpdate, otherwise: number) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const held = rule[name]
  const [months, choose] = useState(held ?? otherwise)
  const { data: preview } = useQuery(retentionPreview(workspace_id, { [name]: months }))
  const save = (months: number | null) =>
    void act(() => changeRetention(workspace_id, { [name]: months }), { done: 'Saved', failed: 'The rule was not changed' })
  return { months, held, choose, save, preview }
}
