import { expect, test } from 'vitest'
import { freshDatabase } from '../../test/app.ts'
import { PLACES } from './places.ts'

// What looks as if it could be of a person, in any table that there is.
const LOOKS_PERSONAL = /contact_id|visitor|^person$|lead_id|email|phone|first_name|^ip$|jsonb|inet/

/** They have such a column, and hold settings, numbers or words of those who work here. */
const NOBODY = [
  'appointment_types',
  'assignment_rules',
  'contact_health',
  'crm_connections',
  'crm_runs',
  'custom_fields',
  'dashboards',
  'endpoints',
  'endpoint_versions',
  'erasures',
  'event_batches',
  'forwarding_rules',
  'funnels',
  'intake_webhooks',
  'lead_types',
  'roles',
  'routing_rules',
  'routing_rule_versions',
  'segments',
  'stage_counts',
  'transfers',
  'views',
  'workspaces',
]

test('every table that could hold somebody is in the list of places, or in the short one of those that hold nobody', async () => {
  const { system } = await freshDatabase()
  const columns = await system<{ table: string; column: string; type: string }[]>`
    select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`
  const tables = new Set(columns.map(({ table }) => table))
  const personal = columns.filter(({ column, type }) => LOOKS_PERSONAL.test(column) || LOOKS_PERSONAL.test(type))
  const known = new Set([...PLACES.map(({ table }) => table), ...NOBODY])
  expect([...new Set(personal.map(({ table }) => table))].filter(table => !known.has(table)).sort()).toEqual([])
  // Nobody reads of a table that is gone.
  expect([...known].filter(table => !tables.has(table))).toEqual([])
  expect(PLACES.map(({ table }) => table).filter(table => NOBODY.includes(table))).toEqual([])
})
