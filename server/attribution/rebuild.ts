import type postgres from 'postgres'
import { ATTRIBUTION_MODELS } from '../../shared/attribution.ts'
import type { Database } from '../database/connect.ts'
import { attribute, lockAttribution } from './attribute.ts'
import { eachDimension } from './values.ts'

const AT_ONCE = 1000

/**
 * Says anew of everybody who registered or converted who sent them, some at a time, and then adds up every day from what was said.
 * Where a value was counted as one of the others, it stays one. Returns how many rows were wrong.
 */
export async function rebuildAttribution(
  { system }: Database,
  workspace_id: number,
  progress: (people: number) => void = () => {},
) {
  const wrong = { attributions: 0, attribution_days: 0, source_days: 0 }
  const everybody = (await readPeople(system, workspace_id)).map(row => row.person)
  for (let done = 0; done < everybody.length; done += AT_ONCE) {
    const some = everybody.slice(done, done + AT_ONCE)
    wrong.attributions += await (system.begin(sql => attribute(sql, workspace_id, some)) as Promise<number>)
    progress(done + some.length)
  }
  const sums = system.begin(async sql => {
    await lockAttribution(sql, workspace_id)
    return { attribution_days: await sumShares(sql, workspace_id), source_days: await sumSources(sql, workspace_id) }
  }) as Promise<Pick<typeof wrong, 'attribution_days' | 'source_days'>>
  return { ...wrong, ...(await sums) }
}

/** Those of whom something is said, and those of whom something should be. */
function readPeople(sql: postgres.Sql, workspace_id: number) {
  return sql<{ person: number }[]>`
    select person from person_funnels where workspace_id = ${workspace_id} and registered_at is not null
     union
    select person from person_sources where workspace_id = ${workspace_id}
     union
    select person from conversion_touches where workspace_id = ${workspace_id}
     union
    select coalesce(-c.whole_id, -v.contact_id, v.person_id, v.id)
      from conversions n
      left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
     where n.workspace_id = ${workspace_id} and n.counts and (c.id is not null or v.id is not null)`
}

const SUMS = ATTRIBUTION_MODELS.flatMap(model => [`${model}_conversions`, `${model}_revenue`])

function sumShares(sql: postgres.TransactionSql, workspace_id: number) {
  return replaceSums(sql, workspace_id, {
    days: 'attribution_days',
    keys: ['funnel_id', 'dimension', 'day', 'value', 'is_other', 'type', 'currency'],
    sums: SUMS,
    fresh: sql`
      select f.funnel_id, dimension, day, case when (others >> bit) & 1 = 1 then '' else value end as value, (others >> bit) & 1 = 1 as is_other,
             type, currency,
             ${sql.unsafe(ATTRIBUTION_MODELS.map(model => `sum(${model}) as ${model}_conversions, sum(${model} * revenue) as ${model}_revenue`).join())}
        from conversion_touches t
             ${eachDimension(sql)}
       cross join lateral (select '' collate "C" as funnel_id union select t.funnel_id) f
       where workspace_id = ${workspace_id}
       group by 1, 2, 3, 4, 5, 6, 7`,
  })
}

function sumSources(sql: postgres.TransactionSql, workspace_id: number) {
  return replaceSums(sql, workspace_id, {
    days: 'source_days',
    keys: ['funnel_id', 'dimension', 'day', 'value', 'is_other'],
    sums: ['registered', 'viewed', 'offer_viewed', 'converted'],
    fresh: sql`
      select funnel_id, dimension, day, case when (others >> bit) & 1 = 1 then '' else value end as value, (others >> bit) & 1 = 1 as is_other,
             count(*) as registered, sum(viewed) as viewed, sum(offer_viewed) as offer_viewed, sum(converted) as converted
        from person_sources
             ${eachDimension(sql)}
       where workspace_id = ${workspace_id}
       group by 1, 2, 3, 4, 5`,
  })
}

type Sums = { days: string; keys: string[]; sums: string[]; fresh: postgres.PendingQuery<postgres.Row[]> }

async function replaceSums(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { days, keys, sums, fresh }: Sums,
): Promise<number> {
  const list = (columns: string[], say: (column: string) => string, by = ', ') => sql.unsafe(columns.map(say).join(by))
  const [row] = await sql<{ wrong: number }[]>`
    with fresh as materialized (${fresh}
    ), gone as (
      delete from ${sql(days)} d
       where d.workspace_id = ${workspace_id}
         and not exists (select from fresh f where ${list(keys, key => `f.${key} = d.${key}`, ' and ')})
      returning 1
    ), put as (
      insert into ${sql(days)} as d (workspace_id, ${sql([...keys, ...sums])})
      select ${workspace_id}::int, ${sql([...keys, ...sums])}
        from fresh
          on conflict (workspace_id, ${sql(keys)}) do update
         set ${list(sums, sum => `${sum} = excluded.${sum}`)}
       where (${list(sums, sum => `d.${sum}`)}) is distinct from (${list(sums, sum => `excluded.${sum}`)})
      returning 1
    )
    select ((select count(*) from gone) + (select count(*) from put))::int as wrong`
  return row!.wrong
}
