import { open } from '../../server/database/connect.ts'

/**
 * Puts contacts with their keys, their words and their visitors into a workspace, as intake and the tracker would have left them; whatever
 * their number, the same share has each stage, country and name. The n-th is `person<n>@example.com`, +1<2000000000 + n>, `user-<n>` for
 * one in ten. By the server side of the database, without checks, and with the indexes made afterwards, for speed.
 */
export async function giveContacts(url: string, workspace_id: number, count: number) {
  const superuser = open(url, undefined, TABLES.length)
  try {
    const indexes = await superuser<{ name: string; definition: string }[]>`
      select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
        from pg_index
       where indrelid = any (${TABLES.map(table => table.name)}::text[]::regclass[]) and not indisunique`
    for (const { name } of indexes) await superuser.unsafe(`drop index ${name}`)
    const swiftly = (statement: string) =>
      superuser.begin(async sql => {
        await sql.unsafe(`set local session_replication_role = replica; set local synchronous_commit = off;
                          set local maintenance_work_mem = '256MB'; set local work_mem = '64MB'`)
        await sql.unsafe(statement)
      })
    await Promise.all(TABLES.map(({ insert }) => swiftly(insert(workspace_id, count))))
    const rest = indexes.values()
    await Promise.all(
      TABLES.map(async () => {
        for (const { definition } of rest) await swiftly(definition)
      }),
    )
    await Promise.all(TABLES.map(({ name }) => superuser.unsafe(`vacuum (analyze) ${name}`)))
    await superuser`checkpoint`
  } finally {
    await superuser.end()
  }
}

const FIRST = [
  'Maria', 'James', 'Olivia', 'Noah', 'Emma', 'Liam', 'Sofia', 'Lucas', 'Mia', 'Ethan', 'Anna', 'David', 'Laura', 'Daniel', 'Julia', 'Peter',
  'Nora', 'Simon', 'Clara', 'Hugo', 'Alice', 'Oscar', 'Elena', 'Felix', 'Ruth', 'Victor', 'Iris', 'Martin', 'Vera', 'Jonas', 'Ida',
] as const // biome-ignore format: names
const LAST = [
  'Smith', 'Garcia', 'Miller', 'Lopez', 'Brown', 'Novak', 'Weber', 'Rossi', 'Silva', 'Kowalski', 'Jensen', 'Murphy', 'Dubois', 'Petrov',
  'Haddad', 'Okafor', 'Tanaka', 'Nguyen', 'Fischer', 'Moreau', 'Andersen', 'Costa', 'Horvat', 'Papadakis', 'Lindqvist', 'Schneider',
  'Zimmermann',
] as const // biome-ignore format: names

/** Spread over all of them without an order: neighbours have nothing in common. */
function spread(salt: number, over: number) {
  return `(hashint4(n + ${salt})::bigint + 2147483648) % ${over}`
}

function pick(salt: number, names: readonly string[]) {
  return `(array['${names.join("', '")}'])[1 + ${spread(salt, names.length)}]`
}

const first = pick(0, FIRST)
const last = pick(7_000_000, LAST)
const id = 'n + 100000'
const email = `'person' || n || '@example.com'`
const phone = `'+1' || (2000000000 + n)`
const is_member = 'n % 10 = 3'
/** Two years, the newest contacts not the latest visitors. */
const visited = `now() - (${spread(14_000_000, 63_072_000)}) * interval '1 second'`
const among = (percent: number, salt: number) => `${spread(salt, 100)} < ${percent}`
const [engaged, offered, converted] = [among(30, 28), among(10, 35), among(2, 42)]
const ago = (condition: string) => `case when ${condition} then now() - interval '3 days' end`

const TABLES = [
  {
    name: 'contacts',
    insert: (workspace_id: number, count: number) => `
      insert into contacts (workspace_id, id, email, phone, user_id, own_traits, traits, first_seen, last_visit, visit_count, event_count,
                            country_code, city, referring_domain, first_touch, last_touch, watch_percentage, engaged_at, offer_viewed_at,
                            converted_at, stage, created_at)
      select ${workspace_id}, ${id}, ${email}, ${phone}, case when ${is_member} then 'user-' || n end, '{}',
             jsonb_build_object('first_name', jsonb_build_array(${first}, 1700000000000), 'last_name', jsonb_build_array(${last}, 1700000000000),
                                'plan', jsonb_build_array('basic', 1700000000000)),
             case when n % 5 > 0 then ${visited} end, case when n % 5 > 0 then ${visited} end, n % 7, n % 90,
             case when n % 1000 = 7 then 'IS' when n % 4 = 0 then null else (array['US', 'US', 'US', 'DE', 'FR', 'GB'])[1 + ${spread(21, 6)}] end,
             'Denver', 'google.com', '{"utm_source": "google", "utm_campaign": "spring"}', '{"utm_source": "letter"}', n % 101,
             ${ago(engaged)}, ${ago(offered)}, ${ago(converted)},
             case when ${converted} then 'converted' when ${offered} then 'offer_viewed' when ${engaged} then 'engaged' else 'lead' end,
             now() - n * interval '1 minute'
        from generate_series(1, ${count}) n`,
  },
  {
    name: 'contact_keys',
    insert: (workspace_id: number, count: number) => `
      insert into contact_keys (workspace_id, kind, value, contact_id)
      select ${workspace_id}, k.kind, k.value, ${id}
        from generate_series(1, ${count}) n cross join lateral (values ('email', ${email}), ('phone', ${phone})) k(kind, value)
       order by k.kind, k.value`,
  },
  {
    name: 'contact_search',
    insert: (workspace_id: number, count: number) => `
      insert into contact_search (workspace_id, contact_id, words)
      select ${workspace_id}, ${id},
             lower(concat_ws(' ', ${first}, ${last}, ${email}, ${phone}, case when ${is_member} then 'user-' || n end))
        from generate_series(1, ${count}) n`,
  },
  {
    name: 'visitors',
    insert: (workspace_id: number, count: number) => `
      insert into visitors (workspace_id, id, distinct_id, kind, contact_id, first_seen, last_visit)
      select ${workspace_id}, n, 'user-' || n, 'user', ${id}, now(), now()
        from generate_series(1, ${count}) n where ${is_member}`,
  },
]
