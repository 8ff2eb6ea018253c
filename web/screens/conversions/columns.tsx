import { Link } from '@tanstack/react-router'
import type { Conversion } from '../../../shared/conversions.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { money } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import type { Column } from '../../ui/TableHead.tsx'
import { ConversionState } from './ConversionState.tsx'
import { SOURCES, typeName, worth } from './words.ts'

const nothing = <span className="muted">–</span>

export const columns: Column<Conversion>[] = [
  { key: 'type', title: 'Conversion', width: 'minmax(0, 1fr)', cell: conversion => <ConversionLink conversion={conversion} /> },
  { key: 'contact', title: 'Contact', width: 'minmax(0, 1.4fr)', cell: conversion => <ContactLink conversion={conversion} /> },
  { key: 'state', title: 'Status', width: '112px', cell: conversion => <ConversionState conversion={conversion} /> },
  { key: 'source', title: 'Came by', width: 'minmax(0, 1fr)', cell: ({ source }) => SOURCES[source] },
  {
    key: 'order',
    title: 'Order or booking',
    width: 'minmax(0, 1fr)',
    cell: ({ order_id, booking_id }) => {
      const id = order_id ?? booking_id
      return id === null ? nothing : <span className="mono">{id}</span>
    },
  },
  { key: 'value', title: 'Value', width: '112px', align: 'right', cell: conversion => worth(conversion) ?? nothing },
  {
    key: 'refunded',
    title: 'Refunded',
    width: '96px',
    align: 'right',
    cell: ({ refunded, currency }) => (refunded ? money(refunded, currency) : nothing),
  },
  {
    key: 'at',
    title: 'When',
    width: '92px',
    align: 'right',
    sorts: ['-converted_at', 'converted_at'],
    cell: ({ converted_at }) => <RelativeTime at={converted_at} />,
  },
]

function ConversionLink({ conversion: { id, type } }: { conversion: Conversion }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/conversions/$conversionId"
      params={{ workspaceId, conversionId: String(id) }}
      className="table-link"
      tabIndex={-1}
    >
      {typeName(type)}
    </Link>
  )
}

export function ContactLink({ conversion: { contact_id, contact_name, visitor_id } }: { conversion: Conversion }) {
  const workspaceId = String(useWorkspaceId())
  if (contact_id === null) return <span className="muted">{visitor_id === null ? 'nobody' : `visitor ${visitor_id}`}</span>
  return (
    <Link
      className="text-link conversions-contact"
      to="/w/$workspaceId/contacts/$contactId"
      params={{ workspaceId, contactId: String(contact_id) }}
    >
      {contact_name ?? `Contact ${contact_id}`}
    </Link>
  )
}

export function CompactConversion({ conversion }: { conversion: Conversion }) {
  const { contact_name, contact_id, converted_at } = conversion
  return (
    <div className="conversions-compact">
      <span className="cut">
        <ConversionLink conversion={conversion} />
      </span>
      <span className="number">{worth(conversion)}</span>
      <span className="cut muted">
        {contact_name ?? (contact_id === null ? 'nobody known' : `Contact ${contact_id}`)} · <RelativeTime at={converted_at} />
      </span>
      <ConversionState conversion={conversion} />
    </div>
  )
}
