import { open } from '../../server/database/connect.ts'
import { ATTRIBUTION_MODELS } from '../../shared/attribution.ts'

/**
 * Says who sent the people of giveJourneys, as the sums of the days that the report reads: from few values (mediums) to as many as are
 * told apart (terms). Each conversion is of one visit, so every model says the same.
 */
export async function giveAttribution(url: string, workspace_id: number) {
  const superuser = open(url, undefined, 1)
  try {
    await superuser.unsafe(`
      insert into source_days (workspace_id, funnel_id, dimension, day, value, is_other, registered, viewed, offer_viewed, converted)
      select workspace_id, funnel_id, d.dimension, (registered_at at time zone 'UTC')::date, d.dimension || abs(person) % d.many, false,
             count(*), count(viewed_at), count(offer_viewed_at), count(converted_at)
        from person_funnels
       cross join (values ${DIMENSIONS}) as d(dimension, many)
       where workspace_id = ${workspace_id}
       group by 1, 2, 3, 4, 5`)
    await superuser.unsafe(`
      insert into attribution_days (workspace_id, funnel_id, dimension, day, value, is_other, type, currency, ${SUMS.join()})
      select workspace_id, funnel_id, d.dimension, (converted_at at time zone 'UTC')::date, d.dimension || abs(person) % d.many, false, 'sale', 'USD',
             ${ATTRIBUTION_MODELS.map(() => 'count(*), 99 * count(*)').join()}
        from person_funnels
       cross join (values ${DIMENSIONS}) as d(dimension, many)
       where workspace_id = ${workspace_id} and converted_at is not null
       group by 1, 2, 3, 4, 5`)
    for (const table of ['source_days', 'attribution_days']) await superuser.unsafe(`vacuum (analyze) ${table}`)
  } finally {
    await superuser.end()
  }
}

const SUMS = ATTRIBUTION_MODELS.flatMap(model => [`${model}_conversions`, `${model}_revenue`])
const DIMENSIONS = `('source', 40), ('medium', 5), ('campaign', 100), ('term', 500), ('content', 20), ('referrer', 200), ('referral_code', 100)`
