import { IconCoin } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import type { Conversion } from '../../../shared/conversions.ts'
import { contactConversions } from '../../api/leads.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import { useList } from '../../ui/list.ts'
import { count, money } from '../../ui/numbers.ts'
import { Pill, type Tone } from '../../ui/Pill.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { actorName } from '../activities/words.ts'
import { sentence } from '../events/describe.ts'
import './records.css'

/** Everything that was won of this person, by whichever way it was recorded. */
export function ConversionsTab({ contact }: { contact: Contact }) {
  const list = useList(useInfiniteQuery(contactConversions(useWorkspaceId(), contact.id)))
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The conversions could not be loaded" />
  if (list.pending) return <SkeletonLines lines={6} pitch={58} padding="8px var(--edge)" />
  if (!list.rows.length)
    return (
      <Empty icon={IconCoin} title="No conversions yet">
        A purchase on your site, a lead that is won with a value, and whatever your shop or calendar tells by the API appear here.
      </Empty>
    )
  return (
    <>
      <div className="records-head">
        <span className="muted number">{list.complete && count(list.rows.length, 'conversion')}</span>
      </div>
      <ul className="records" aria-label="Conversions">
        {list.rows.map(conversion => (
          <Line key={conversion.id} conversion={conversion} />
        ))}
      </ul>
      <InfiniteEnd list={list} end="" />
    </>
  )
}

const STATES: Record<Conversion['status'], { label: string; tone: Tone } | null> = {
  active: null,
  refunded: { label: 'Refunded', tone: 'warm' },
  void: { label: 'Void', tone: 'plain' },
}

function Line({ conversion }: { conversion: Conversion }) {
  const { id, type, status, value, refunded, currency, order_id, booking_id, converted_by, lead_id, is_test } = conversion
  const workspaceId = String(useWorkspaceId())
  const state = STATES[status]
  const facts = [order_id && `order ${order_id}`, booking_id && `booking ${booking_id}`, `by ${actorName(converted_by)}`]
  return (
    <li className="record">
      <Link
        to="/w/$workspaceId/conversions/$conversionId"
        params={{ workspaceId, conversionId: String(id) }}
        className="record-link cut"
      >
        {sentence(type)}
      </Link>
      <span className="record-state">
        {is_test && <Pill tone="plain">test</Pill>} {state && <Pill tone={state.tone}>{state.label}</Pill>}
        {status === 'active' && refunded > 0 && <Pill tone="warm">{money(refunded, currency)} refunded</Pill>}
      </span>
      <span className="record-value number" data-void={status === 'void' || undefined}>
        {money(value, currency)}
      </span>
      <span className="record-more cut muted">
        {facts.filter(Boolean).join(', ')}
        {lead_id !== null && (
          <>
            {', '}
            <Link to="/w/$workspaceId/leads/$leadId" params={{ workspaceId, leadId: String(lead_id) }} className="text-link">
              lead {lead_id}
            </Link>
          </>
        )}
      </span>
      <span className="record-when muted">
        <RelativeTime at={conversion.converted_at} />
      </span>
    </li>
  )
}
