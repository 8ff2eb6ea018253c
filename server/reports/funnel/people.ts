import type { FunnelPeople, FunnelPeopleQuery, FunnelPerson } from '../../../shared/funnel-report.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, preciseTime, readCursor } from '../../http/paginate.ts'
import { readQuestion } from './read-question.ts'
import { joinByHash, placed, walk } from './walk.ts'

type Row = FunnelPerson & { sort_value: string }

/** Who reached a step, or came as far as the one before it: a page of contacts, and how many there are besides whom nobody knows. */
export async function listFunnelPeople(
  sql: Sql,
  workspace_id: number,
  { step, outcome, value, groups, limit = 50, cursor, ...given }: FunnelPeopleQuery,
): Promise<FunnelPeople> {
  const question = await readQuestion(sql, workspace_id, given)
  const wrong = wrongFields({ step, outcome, value, groups }, question)
  if (Object.keys(wrong).length > 0) throw refuse('invalid_fields', { fields: wrong })
  const [after, after_id] = readCursor(cursor, 'time', 'integer') ?? []
  await joinByHash(sql)
  const [row] = await sql<{ contacts: number; visitors: number; data: Row[] | null }[]>`
    ${walk(sql, workspace_id, question)}, ${placed(sql, question)}, meant as (
      select contact_id, times[1] as entered_at, cardinality(times) as last_step, times[cardinality(times)] as last_step_at
        from walked
       where ${outcome === 'reached' ? sql`cardinality(times) >= ${step}::int` : sql`cardinality(times) = ${step - 1}::int`}
         ${value === undefined ? sql`` : sql`and value = ${value}`}
         ${groups === undefined ? sql`` : sql`and value in (select value from placed where place > ${groups})`}
    ), page as (
      select *
        from meant
       where contact_id is not null
         ${after === undefined ? sql`` : sql`and (entered_at, contact_id) < (${after}::text::timestamptz, ${after_id!}::bigint)`}
       order by entered_at desc, contact_id desc
       limit ${limit + 1}
    )
    select (select count(contact_id) from meant)::int as contacts,
           (select count(*) - count(contact_id) from meant)::int as visitors,
           (select jsonb_agg(jsonb_build_object(
                     'contact_id', c.id, 'name', c.name, 'email', c.email, 'phone', c.phone, 'stage', c.stage,
                     'segment', segment_of(c.watch_percentage, c.registered_at), 'entered_at', p.entered_at,
                     'last_step', p.last_step, 'last_step_at', p.last_step_at,
                     'sort_value', ${preciseTime(sql, 'p.entered_at')}) order by p.entered_at desc, c.id desc)
              from page p
              join contacts c on c.workspace_id = ${workspace_id} and c.id = p.contact_id) as data`
  const { contacts, visitors, data } = row!
  return { ...pageOf(data ?? [], limit, last => [last.sort_value, last.contact_id]), contacts, visitors }
}

type Named = Pick<FunnelPeopleQuery, 'step' | 'outcome'> & { value: string | undefined; groups: number | undefined }

function wrongFields(
  { step, outcome, value, groups }: Named,
  { steps, breakdown }: Pick<FunnelPeopleQuery, 'steps' | 'breakdown'>,
) {
  return {
    ...(step > steps.length && { step: `must be one of the ${steps.length} steps` }),
    ...(outcome === 'dropped' && step === 1 && { step: 'must be 2 or more: nobody can drop off before the first' }),
    ...(value !== undefined && !breakdown && { value: 'needs a breakdown that it is a value of' }),
    ...(groups !== undefined && !breakdown && { groups: 'needs a breakdown that has groups' }),
    ...(groups !== undefined && value !== undefined && { groups: 'stands instead of a value: leave one of the two out' }),
  }
}
