import { expect } from 'vitest'
import type { Database } from '../database/connect.ts'

/**
 * Every total of money and conversions in a workspace against the rows that it is of, added up here in the simplest way: by walking
 * over all rows in memory, in cents.
 */
export async function auditBooks({ system }: Database, workspace_id: number) {
  const conversions = await system<Row[]>`
    select id, contact_id, visitor_id, lead_id, type, value::text, refunded::text, currency, status, is_test, converted_at, converted_at::text as at
      from conversions where workspace_id = ${workspace_id} order by converted_at, id`
  const visitors = new Map(
    (
      await system<{ id: number; contact_id: number | null; converted_at: Date | null }[]>`
        select id, contact_id, converted_at from visitors where workspace_id = ${workspace_id}`
    ).map(row => [row.id, row]),
  )
  const contacts = await system<Contact[]>`
    select id, merged_into, conversion_count, lifetime_value::text, converted_at from contacts where workspace_id = ${workspace_id} order by id`
  const leads = await system<Lead[]>`
    select id, is_test, conversion_id, conversion_count, conversion_value::text, converted_at, created_at, source
      from leads where workspace_id = ${workspace_id} order by id`
  const [workspace] = await system<{ currency: string; total_conversions: number; total_revenue: string }[]>`
    select currency, total_conversions, total_revenue::text from workspaces where id = ${workspace_id}`

  const merged = new Map(contacts.map(contact => [contact.id, contact.merged_into]))
  const ownerOf = (row: Row) =>
    row.contact_id === null ? (visitors.get(row.visitor_id!)?.contact_id ?? null) : (merged.get(row.contact_id) ?? row.contact_id)
  const inCurrency = (rows: Row[]) => sum(rows.filter(row => row.currency === workspace!.currency).map(net))
  const counted = conversions.filter(row => row.status !== 'void' && !row.is_test)

  expect({ conversions: workspace!.total_conversions, revenue: cents(workspace!.total_revenue) }, 'the workspace').toEqual({
    conversions: counted.length,
    revenue: inCurrency(counted),
  })

  const shown = contacts.map(({ merged_into: _, ...contact }) => contact)
  const summed = contacts.map(({ id }) => {
    const own = counted.filter(row => ownerOf(row) === id)
    const times = [
      ...own.map(row => row.converted_at),
      ...[...visitors.values()].filter(one => one.contact_id === id).map(one => one.converted_at),
    ]
    return {
      id,
      conversion_count: own.length,
      lifetime_value: units(inCurrency(own)),
      converted_at: earliest(times),
    }
  })
  expect(shown, 'contacts').toEqual(summed)

  expect(
    leads.map(({ is_test: _, created_at: _created, source: _source, ...lead }) => lead),
    'leads',
  ).toEqual(
    leads.map(lead => {
      const own = conversions.filter(row => row.lead_id === lead.id && row.status !== 'void' && (lead.is_test || !row.is_test))
      return {
        id: lead.id,
        conversion_id: own[0]?.id ?? null,
        conversion_count: own.length,
        conversion_value: units(inCurrency(own)),
        converted_at: own[0]?.converted_at ?? null,
      }
    }),
  )

  const days = await system<{ key: string; conversions: number; revenue: string; refunded: string }[]>`
    select day || ' ' || type || ' ' || currency as key, conversions, revenue::text, refunded::text
      from conversion_days where workspace_id = ${workspace_id} and (conversions, revenue, refunded) <> (0, 0, 0)`
  const by_day = group(counted, row => `${row.at.slice(0, 10)} ${row.type} ${row.currency}`)
  expect(sorted(days), 'conversion_days').toEqual(
    sorted(
      [...by_day].map(([key, rows]) => ({
        key,
        conversions: rows.length,
        revenue: units(sum(rows.map(net))),
        refunded: units(sum(rows.map(row => cents(row.refunded)))),
      })),
    ),
  )

  const lead_days = await system<{ key: string; leads: number; converted: number; revenue: string; seconds: number }[]>`
    select day || ' ' || value as key, leads, converted, revenue::text, seconds::float8 as seconds
      from lead_days where workspace_id = ${workspace_id} and dimension = 'source' and leads <> 0`
  const by_source = group(
    leads.filter(lead => !lead.is_test),
    lead => `${lead.created_at.toISOString().slice(0, 10)} ${lead.source ?? ''}`,
  )
  expect(sorted(lead_days), 'lead_days').toEqual(
    sorted(
      [...by_source].map(([key, rows]) => ({
        key,
        leads: rows.length,
        converted: rows.filter(lead => lead.conversion_count > 0).length,
        revenue: units(sum(rows.map(lead => cents(lead.conversion_value)))),
        seconds: sum(rows.map(lead => (lead.converted_at ? secondsBetween(lead.created_at, lead.converted_at) : 0))),
      })),
    ),
  )
  return { conversions: conversions.length, counted: counted.length }
}

type Row = {
  id: number
  contact_id: number | null
  visitor_id: number | null
  lead_id: number | null
  type: string
  value: string
  refunded: string
  currency: string
  status: string
  is_test: boolean
  converted_at: Date
  at: string
}
type Contact = {
  id: number
  merged_into: number | null
  conversion_count: number
  lifetime_value: string
  converted_at: Date | null
}
type Lead = {
  id: number
  is_test: boolean
  conversion_id: number | null
  conversion_count: number
  conversion_value: string
  converted_at: Date | null
  created_at: Date
  source: string | null
}

const cents = (text: string) => Number(text.replace('.', ''))
const units = (amount: number) => `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
const net = (row: Row) => cents(row.value) - cents(row.refunded)
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
const earliest = (times: (Date | null)[]) =>
  times.filter(time => time !== null).sort((one, other) => one.getTime() - other.getTime())[0] ?? null
const secondsBetween = (from: Date, to: Date) => Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000))
const sorted = <T extends { key: string }>(rows: readonly T[]) => [...rows].sort((one, other) => (one.key < other.key ? -1 : 1))

function group<T>(rows: T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}
