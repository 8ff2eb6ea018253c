import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../shared/contacts.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'

// Enough contacts that every way to a page is taken: met on the first walk, on a longer one, fetched by a filter, fetched by words, and
// met on a walk among those who have the words (run.ts).
const CONTACTS = 30_000

let fresh: FreshApp

/** One in 13 is archived. Sorts by name put all Annas first and all Zoes last; one in 400 is from Iceland, one in 15,000 is called Quixote. */
beforeAll(async () => {
  fresh = await freshApp()
  const { workspace_id } = fresh
  await fresh.database.system`
    insert into contacts (workspace_id, id, email, user_id, traits, last_visit, country_code, engaged_at, offer_viewed_at, converted_at,
                          watch_percentage, registered_at, merged_into, archived_at, created_at)
    select ${workspace_id}, 100000 + n, case when n % 7 > 0 then 'p' || n || '@example.com' end, case when n % 10 = 3 then 'u-' || n end,
           jsonb_build_object('first_name', jsonb_build_array(case when n % 6 = 0 then 'Zoe' when n % 50 = 1 then null
                                                                   else (array['Anna', 'Maria', 'Noah'])[1 + n % 3] end, 1),
                              'last_name', jsonb_build_array(case when n % 15000 = 77 then 'Quixote' when n % 50 <> 1 then 'Baker' end, 1)),
           case when n % 5 > 0 then now() - (n * 7919 % ${CONTACTS}) * interval '1 minute' end,
           case when n % 400 = 7 then 'IS' when n % 4 > 0 then 'US' end,
           case when n % 3 = 0 then now() end, case when n % 9 = 0 then now() end, case when n % 90 = 0 then now() end,
           case when n % 3 > 0 then n % 97 when n % 1500 = 3 then 99 else 0 end, now() - (n % 50) * interval '1 hour',
           case when n % 1000 = 999 then 100001 end, case when n % 13 = 5 then now() end, now() - n * interval '1 hour'
      from generate_series(1, ${CONTACTS}) n`
  await fresh.database.system`
    update contacts set told_segment = segment_of(watch_percentage, registered_at) where id % 7 > 0 or watch_percentage > 0`
  await fresh.database.system`
    update contacts
       set stage = case when converted_at is not null then 'converted' when offer_viewed_at is not null then 'offer_viewed' else 'engaged' end
     where engaged_at is not null`
  await fresh.database.system`
    insert into contact_search (workspace_id, contact_id, words)
    select workspace_id, id, lower(concat_ws(' ', name, email, user_id)) from contacts where workspace_id = ${workspace_id}`
  await fresh.database.system`
    insert into contact_keys (workspace_id, kind, value, contact_id)
    select workspace_id, 'email', email, id from contacts where workspace_id = ${workspace_id} and email is not null`
}, 240_000)

const get = async (query: string) =>
  (await fresh.app.inject({ url: `/api/v1/contacts?${query}`, headers: bearer(fresh.secret_key) })).json<{
    data: Contact[]
    next_cursor: string | null
  }>()

const SORTS = {
  '-last_visit': 'last_visit desc nulls last, id desc',
  last_visit: 'last_visit nulls last, id',
  '-created_at': 'created_at desc, id desc',
  created_at: 'created_at, id',
  name: 'name nulls last, id',
  '-name': 'name desc nulls last, id desc',
  email: 'email nulls last, id',
} as const
const FILTERS: [query: string, condition: string][] = [
  ['', 'true'],
  ['stage=converted', `stage = 'converted'`],
  ['is_member=true', 'user_id is not null'],
  ['is_member=false&stage=engaged', `user_id is null and stage = 'engaged'`],
  ['country_code=IS', `country_code = 'IS'`],
  ['country_code=US&stage=offer_viewed&is_member=true', `country_code = 'US' and stage = 'offer_viewed' and user_id is not null`],
  ['country_code=XY', 'false'],
  ['archived=true', 'true'],
  ['archived=true&stage=offer_viewed&is_member=true', `user_id is not null and stage = 'offer_viewed'`],
  ['archived=true&segment=hot', 'false'], // who is archived is in no segment
  ['segment=hot', 'watch_percentage >= 75'],
  [
    'segment=no_show&stage=converted',
    `watch_percentage = 0 and registered_at < now() - interval '24 hours' and stage = 'converted'`,
  ],
  ['segment=skimmer&country_code=IS', `watch_percentage between 1 and 24 and country_code = 'IS'`],
]
const SEARCHES: [query: string, condition: string][] = [
  ['', 'true'],
  ['q=example', `words like '%example%'`],
  ['q=zoe', `words like '%zoe%'`],
  ['q=ma', `(words like 'ma%' or words like '% ma%')`],
  ['q=quixote', `words like '%quixote%'`],
  ['q=maria u-', `words like '%maria%' and (words like 'u-%' or words like '% u-%')`],
  ['q=nobodyhasthis', 'false'],
]

test.each(Object.entries(SORTS))(
  'by %s, every filter and search shows exactly who matches, in order',
  async (sort, order) => {
    for (const [filter, matches] of FILTERS) {
      for (const [search, has] of SEARCHES) {
        const query = encodeURI([`sort=${sort}`, filter, search, 'limit=40'].filter(Boolean).join('&'))
        const expected = await fresh.database.system.unsafe<{ id: number }[]>(`
        select id
          from contacts c
          join contact_search s on s.workspace_id = c.workspace_id and s.contact_id = c.id
         where c.workspace_id = ${fresh.workspace_id} and merged_into is null
           and archived_at is ${filter.includes('archived') ? 'not null' : 'null'} and ${matches} and ${has}
         order by ${order}
         limit 80`)
        const first = await get(query)
        const second = first.next_cursor ? await get(`${query}&cursor=${first.next_cursor}`) : { data: [] }
        expect(
          [...first.data, ...second.data].map(({ id }) => id),
          query,
        ).toEqual(expected.map(({ id }) => id))
      }
    }
  },
  240_000,
)

test('page by page, past everybody who has a value and on among those who have none, each is shown once', async () => {
  const expected = await fresh.database.system<{ id: number; last_visit: Date | null }[]>`
    select id, last_visit
      from contacts
     where workspace_id = ${fresh.workspace_id} and merged_into is null and archived_at is null and stage = 'offer_viewed' and user_id is null
     order by last_visit desc nulls last, id desc`
  expect(expected.at(-1)).toMatchObject({ last_visit: null })
  const ids: number[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await get(`stage=offer_viewed&is_member=false&limit=200${cursor && `&cursor=${cursor}`}`)
    ids.push(...page.data.map(({ id }) => id))
    cursor = page.next_cursor
  }
  expect(ids).toEqual(expected.map(({ id }) => id))
})

test('a whole e-mail finds whose it is and nobody else; one that nobody has finds whoever contains it', async () => {
  const email = 'p1@example.com'
  await fresh.database.system`
    update contact_search set words = words || ${` x${email}`} where workspace_id = ${fresh.workspace_id} and contact_id = 100002`
  expect((await get(`q=${email}`)).data.map(({ id }) => id)).toEqual([100001])
  expect((await get(`q=${email}&stage=converted`)).data).toEqual([])
  expect((await get('q=xp1@example.com')).data.map(({ id }) => id)).toEqual([100002])
})
