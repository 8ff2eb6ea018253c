import postgres from 'postgres'
import type { Contact } from '../../shared/contacts.ts'
import type { SegmentPreview } from '../../shared/segments.ts'
import { contactColumns } from '../contacts/columns.ts'
import { refuse } from '../errors.ts'
import type { Asking, Fragment } from '../rules/kind.ts'
import { conditionOf, readRule } from '../rules/rules.ts'
import { askByIndex } from './settle.ts'

/** How long somebody who types waits for the exact number, and for an estimate after that. */
const EXACT_MS = 1200
const ESTIMATE_MS = 8000
/** Of so many, one in a hundred is found to within a quarter. */
const SAMPLE = 5000
const SHOWN = 10

type Found = { contact_count: number; ids: number[] }

/**
 * Who a rule finds now: the number, and the first few. Exact where that is quick; otherwise of a sample, which the first ids are: they are
 * given at random. Throws `invalid_fields`, and `took_too_long` for a rule that is too dear even so.
 */
export async function previewRule(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: unknown,
  { exact_ms = EXACT_MS } = {},
): Promise<SegmentPreview> {
  const rule = readRule(given)
  await sql.unsafe(`set local work_mem = '64MB'`) // sets that conditions collect stay in memory
  const exact = await within(sql, exact_ms, inner => find(inner, workspace_id, conditionOf({ sql: inner, workspace_id }, rule)))
  const found = exact ?? (await within(sql, ESTIMATE_MS, inner => estimate(inner, workspace_id, rule)))
  if (!found) {
    const message =
      'This rule reads too much to be counted while you write. Ask for rarer events or fewer days, or save it: it is counted in the background.'
    throw refuse('took_too_long', { message })
  }
  const contacts = await sql<Contact[]>`
    select ${contactColumns(sql)}
      from contacts c
     where c.workspace_id = ${workspace_id} and c.id = any(${found.ids}::int[])
     order by c.last_visit desc nulls last, c.id desc`
  return { contact_count: found.contact_count, is_estimate: !exact, contacts: [...contacts] }
}

async function find(sql: postgres.TransactionSql, workspace_id: number, condition: Fragment): Promise<Found> {
  const [found] = await sql<Found[]>`
    with fits as materialized (
      select c.id, c.last_visit from contacts c where c.workspace_id = ${workspace_id} and c.merged_into is null and c.archived_at is null and ${condition}
    )
    select (select count(*)::int from fits) as contact_count,
           array(select id from fits order by last_visit desc nulls last, id desc limit ${SHOWN}) as ids`
  return found!
}

async function estimate(sql: postgres.TransactionSql, workspace_id: number, rule: ReturnType<typeof readRule>): Promise<Found> {
  await askByIndex(sql)
  const rows = await sql<{ id: number }[]>`
    select id from contacts where workspace_id = ${workspace_id} and merged_into is null and archived_at is null order by id limit ${SAMPLE}`
  const ids = rows.map(row => row.id)
  const [all] = await sql<{ contacts: number }[]>`
    select count(*)::int as contacts from contacts where workspace_id = ${workspace_id} and merged_into is null and archived_at is null`
  const asking: Asking = { sql, workspace_id, contact_ids: ids }
  const found = await find(sql, workspace_id, sql`c.id = any(${ids}::int[]) and ${conditionOf(asking, rule)}`)
  return { ...found, contact_count: Math.round((found.contact_count / Math.max(ids.length, 1)) * all!.contacts) }
}

/** Undefined when it takes longer, as it always does than no time. */
async function within<T>(sql: postgres.TransactionSql, ms: number, verb: (sql: postgres.TransactionSql) => Promise<T>) {
  if (ms === 0) return undefined
  try {
    return (await sql.savepoint(async inner => {
      await inner.unsafe(`set local statement_timeout = ${ms}`)
      const result = await verb(inner)
      await inner.unsafe('set local statement_timeout to default')
      return result
    })) as T
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === '57014') return undefined
    throw error
  }
}
