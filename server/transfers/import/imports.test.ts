import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../../shared/contacts.ts'
import type { Import, ImportPreview, ImportRow } from '../../../shared/imports.ts'

type Page<T> = { data: T[] }

import { type FreshApp, freshApp } from '../../../test/app.ts'
import { basic, bearer } from '../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../test/session.ts'
import { readCsv } from '../../appointments/routing/csv.ts'
import { open } from '../../database/connect.ts'
import { lockIdentity } from '../../database/transaction.ts'
import { rebuildPeople } from '../../identity/rebuild.ts'
import { scan } from '../../privacy/scan.ts'
import { BATCH } from './walk.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
  fresh.work()
})

test('a file is mapped by its headings, tried without a trace, and written', async () => {
  const known = await person({ email: 'known@example.com', first_name: 'Kim', last_name: 'Old' })
  const file = await sent(
    'E-Mail,First Name,Surname,Mobile,Town,Tags,Favourite colour\n' +
      'KNOWN@example.com,Kim,New,,,,red\n' +
      'new@example.com,Nora,Newman,(202) 555-0111,Denver,"Baker, VIP",blue\n' +
      'known@example.com,,,,,,\n' +
      'nonsense,Nobody,,,,,\n' +
      ',Nobody,,,,,\n',
  )
  expect(targetsOf(file)).toEqual(['email', 'first_name', 'last_name', 'phone', 'address.city', 'tags', null])
  expect(file).toMatchObject({ state: 'waiting', rows: 5, suggested_by: 'names', encoding: 'utf-8', separator: ',' })
  const tried = await end(file, 'check')
  expect(tried).toMatchObject({ state: 'waiting', counts: { created: 1, updated: 1, unchanged: 1, failed: 2 } })
  expect(await counted('new@example.com')).toBe(0)
  const done = await end(file, 'run')
  expect(done).toMatchObject({ state: 'done', counts: { created: 1, updated: 1, unchanged: 1, failed: 2 }, done: 5 })
  const [made] = await found('new@example.com')
  expect(made).toMatchObject({ first_name: 'Nora', phone: '+12025550111', address: { city: 'Denver' } })
  expect((await call<{ tags: { name: string }[] }>('GET', `/contacts/${made!.id}`)).tags.map(tag => tag.name)).toEqual([
    'Baker',
    'VIP',
  ])
  expect(await call('GET', `/contacts/${known.id}`)).toMatchObject({ first_name: 'Kim', last_name: 'New' })
  expect(await rowsOf(file, 'failed')).toEqual([
    [5, 'E-Mail must be an e-mail address such as sally@example.com'],
    [6, 'has neither an e-mail nor a phone, and one of them makes a contact'],
  ])
  const [activity] = await fresh.database.system`
    select actor, before, after from activities where contact_id = ${known.id} and action = 'contact.updated'`
  expect(activity).toEqual({
    actor: { kind: 'import', id: file.id, name: 'people.csv' },
    before: { last_name: 'Old' },
    after: { last_name: 'New' },
  })
  const response = await fresh.app.inject({ url: `/api/v1/imports/${file.id}/failed.csv`, headers: bearer(fresh.secret_key) })
  const [head, first] = readCsv(response.body).map(({ cells }) => cells)
  expect([head!.at(-1), first![0], first!.at(-1)]).toEqual(['reason', 'nonsense', expect.stringContaining('must be an e-mail')])
  expect(await refused('POST', `/imports/${file.id}/run`)).toBe('conflict')
})

test('the last mapping of the same headings is remembered, and what cannot be is said', async () => {
  const text = 'mail,thing\nmemory@example.com,7\n'
  const file = await sent(text)
  expect(targetsOf(file)).toEqual(['email', null])
  const columns = [
    { header: 'mail', target: 'email' },
    { header: 'thing', target: 'properties.size' },
  ]
  await change(file, { columns })
  await end(file, 'run')
  expect(await found('memory@example.com')).toMatchObject([{ properties: { size: '7' } }])
  const again = await sent(text)
  expect(again).toMatchObject({ suggested_by: 'memory', columns })
  expect(await refused('PATCH', `/imports/${again.id}`, { columns: [{ header: 'mail', target: 'custom.nothing' }] })).toBe(
    'invalid_fields',
  )
  expect(await refused('PATCH', `/imports/${again.id}`, { by: 'phone' })).toBe('invalid_fields')
  const other = await fresh.another()
  const theirs = await fresh.app.inject({ url: `/api/v1/imports/${file.id}`, headers: bearer(other.secret_key) })
  expect(theirs.statusCode).toBe(404)
})

test.each([
  ['UTF-8 with a mark', Buffer.from('\uFEFFemail;name\r\nzoe@example.com;Zoë Groß\r\n')],
  ['UTF-16 of Windows', Buffer.from('\uFEFFemail\tname\r\nzoe@example.com\tZoë Groß\r\n', 'utf16le')],
  ['UTF-16 without a mark', Buffer.from('email|name\nzoe@example.com|Zoë Groß\n', 'utf16le')],
  ['UTF-16 the other way round', Buffer.from('\uFEFFemail,name\nzoe@example.com,Zoë Groß\n', 'utf16le').swap16()],
  ['Windows-1252', Buffer.from('email,name\nzoe@example.com,"Zoë Groß"\n', 'latin1')],
  ['lines of an old Macintosh', Buffer.from('email,name\rzoe@example.com,Zoë Groß\r')],
  ['gzip', gzipSync('sep=;\nemail;name\nzoe@example.com;Zoë Groß')],
  ['JSON lines', Buffer.from('{"email":"zoe@example.com","name":"Zoë Groß"}\n')],
])('a name is read right from %s', async (_, file) => {
  const { data } = await preview(await sent(file))
  expect(data).toMatchObject([{ problem: null, says: { email: 'zoe@example.com', first_name: 'Zoë', last_name: 'Groß' } }])
})

test.each([
  ['an empty file', '', 'is empty'],
  ['a heading alone', 'email,name\n', 'has a heading and no rows below it'],
  ['a workbook', Buffer.from('PK\x03\x04\x00\x00', 'latin1'), 'is a workbook'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 0]), 'is no text'],
  ['one list of JSON', '[{"email":"a@example.com"}]', 'is one list of JSON'],
  ['half of a packed file', gzipSync('email\n'.repeat(9999)).subarray(0, 60), 'cannot be unpacked'],
])('%s is refused with what to do', async (_, file, sentence) => {
  const answer = await upload(file)
  expect([answer.statusCode, answer.json().error.fields.file]).toEqual([422, expect.stringContaining(sentence)])
  const [left] = await fresh.database.system`select count(*)::int as files from transfers where settings = '{}'`
  expect(left!.files).toBe(0)
})

test('one line of any length is read at once', async () => {
  expect((await upload(`{"email":"long@example.com","about":"${'x'.repeat(900_000)}"}`)).statusCode).toBe(201)
})

test('rows of any length are tried and told, a few of them at a time', async () => {
  const file = await sent(`email,about
${Array.from(
  { length: 12 },
  () => `nonsense,${'x'.repeat(900_000)}
`,
).join('')}`)
  expect((await end(file, 'check')).counts).toEqual({ failed: 12 })
  const response = await fresh.app.inject({ url: `/api/v1/imports/${file.id}/failed.csv`, headers: bearer(fresh.secret_key) })
  expect(readCsv(response.body)).toHaveLength(13)
})

test('a row that cannot be read is refused alone: too long, too many cells, a quote in a word, two columns of one name', async () => {
  const file = await sent(
    `email,name,name\nlong@example.com,"${'x'.repeat(10_000_000)}",\nwide@example.com,a,b,c\nquote@example.com,5" pipe,"a ""b"""\n`,
  )
  expect(file.columns.map(({ header }) => header)).toEqual(['email', 'name', 'name (2)'])
  const { data } = await preview(file)
  expect(data.map(({ row, problem }) => [row, problem])).toEqual([
    [2, expect.stringContaining('has more than 1,000,000 characters')],
    [3, 'has 4 cells, the heading has 3'],
    [4, null],
  ])
  expect(data[2]!.cells).toEqual(['quote@example.com', '5" pipe', 'a "b"'])
})

test.each([
  ['hubspot', 'Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Company Name', ['properties.hubspot_id', 'first_name', 'last_name', 'email', 'phone', null, 'properties.company']],
  ['salesforce', 'Id,LastName,FirstName,Email,MailingCity,OwnerId', ['properties.salesforce_id', 'last_name', 'first_name', 'email', 'address.city', null]],
  ['nationbuilder', 'nationbuilder_id,first_name,email,primary_city,tag_list', ['properties.nationbuilder_id', 'first_name', 'email', 'address.city', 'tags']],
  ['mixpanel', '$distinct_id,$email,$name,$city', ['user_id', 'email', 'full_name', 'address.city']],
])('an export of %s is known by its headings', async (preset, headings, targets) => {
  const file = await sent(`${headings}\n${headings.split(',').map(() => '1').join(',')}\n`)
  expect(file).toMatchObject({ preset, suggested_by: 'preset' })
  expect(targetsOf(file)).toEqual(targets)
}) // biome-ignore format: a table

test('many rows of one e-mail are one contact, and tell of it once for each batch', async () => {
  const rows = BATCH * 2 + 10
  const file = await sent(`email,first_name\n${Array.from({ length: rows }, (_, k) => `one@example.com,Name${k}`).join('\n')}`)
  const tried = await end(file, 'check')
  expect(tried.counts).toEqual({ created: 1, again: 2, updated: rows - 3 })
  const done = await end(file, 'run')
  expect(done.counts).toEqual({ created: 1, updated: rows - 1 })
  const [one, ...more] = await found('one@example.com')
  expect([more, one!.first_name]).toEqual([[], `Name${rows - 1}`])
  const told = async () => {
    const [row] = await fresh.database.system`select count(*)::int as activities from activities where contact_id = ${one!.id}`
    return row!.activities
  }
  expect(await told()).toBeLessThanOrEqual(4)
  expect((await end(file, 'revert')).counts).toEqual({ reverted: rows, kept: 0 })
  expect(await counted('one@example.com')).toBe(0)
  expect(await told()).toBeLessThanOrEqual(8)
})

test('the chosen key and mode decide, and what names two people is left to a person', async () => {
  const [a, b] = [
    await person({ email: 'a@keys.example', phone: '+12025550121' }),
    await person({ email: 'b@keys.example', phone: '+12025550122' }),
  ]
  const file = await sent(
    'email,phone,last_name\na@keys.example,+12025550122,Two\nc@keys.example,+12025550121,Taken\na@keys.example,,Fine\nd@keys.example,,New\n,+12025550122,None\n',
  )
  await change(file, { by: 'email', mode: 'update' })
  await end(file, 'check')
  expect(await rowsOf(file)).toEqual([
    [2, `its e-mail is of contact ${a.id}, its phone is of contact ${b.id}`],
    [3, `its phone is of contact ${a.id}, and nobody has its e-mail`],
    [4, null],
    [5, 'is nobody who is here'],
    [6, 'has no e-mail, by which contacts are found'],
  ])
  await change(file, { mode: 'create' })
  expect((await end(file, 'run')).counts).toEqual({ ambiguous: 2, skipped: 1, created: 1, failed: 1 })
  expect(await call('GET', `/contacts/${a.id}`)).toMatchObject({ last_name: null, phone: '+12025550121' })
})

test('a role that does not see e-mails looks nobody up by them, and tries nothing of what it does not see', async () => {
  const everything = { read: 'all', create: 'all', update: 'all' }
  const role = { name: 'No e-mails', permissions: { contacts: everything }, masks: ['email', 'street'] }
  const owner = await signedIn(fresh, 'owner')
  const post = (path: string, { headers }: SignedIn, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload })
  const { id: role_id } = (await post('/roles', owner, role)).json()
  const masked = await signedIn(fresh, 'agent')
  const url = `/api/v1/users/${masked.user_id}`
  const given = await fresh.app.inject({ method: 'PATCH', url, headers: owner.headers, payload: { role: 'custom', role_id } })
  expect(given.statusCode).toBe(200)
  await person({ email: 'hidden@example.com', phone: '+12025550181' })
  const file = await sent('email,phone,address,last_name\nhidden@example.com,+12025550181,1 Main St,Found\n')
  const by = (targets: string[]) => {
    const columns = file.columns.map(({ header }, k) => ({ header, target: targets[k] || null }))
    return change(file, { by: 'any', columns })
  }
  for (const hidden of [
    ['email'],
    ['user_id'],
    ['', 'phone', 'address'],
    ['', 'phone', 'address.street'],
    ['', 'phone', 'properties'],
  ]) {
    await by(hidden)
    for (const verb of ['check', 'run']) {
      const answer = await post(`/imports/${file.id}/${verb}`, masked, {})
      expect([hidden, answer.statusCode, answer.json().error?.code]).toEqual([hidden, 403, 'forbidden'])
    }
  }
  await by(['', 'phone', '', 'last_name'])
  expect((await post(`/imports/${file.id}/run`, masked, {})).statusCode).toBe(200)
  expect((await ended(file)).counts).toEqual({ updated: 1 })
})

test('an empty cell keeps what is there, or clears it', async () => {
  const { id } = await person({ email: 'empty@example.com', phone: '+12025550131', first_name: 'Emma', last_name: 'Empty' })
  const text = 'email,phone,first_name,last_name\nempty@example.com,,,Full\n'
  await end(await sent(text), 'run')
  expect(await call('GET', `/contacts/${id}`)).toMatchObject({ phone: '+12025550131', first_name: 'Emma', last_name: 'Full' })
  const file = await sent(text)
  await change(file, { empty: 'clear' })
  await end(file, 'run')
  expect(await call('GET', `/contacts/${id}`)).toMatchObject({ phone: null, first_name: null, last_name: 'Full' })
  await end(await sent('email,phone\nnewer@example.com,+12025550131\n'), 'run')
  expect(await found('newer@example.com')).toMatchObject([{ phone: '+12025550131' }])
})

test('a user id of a file finds its contact again, by events and by the next file', async () => {
  await end(await sent('email,user_id\nuser@example.com,app-77\n'), 'run')
  expect(await found('user@example.com')).toMatchObject([{ user_id: 'app-77', is_member: true }])
  const file = await sent('user_id,last_name\napp-77,Later\n')
  await change(file, { by: 'user_id' })
  expect((await end(file, 'run')).counts).toEqual({ updated: 1 })
  expect(await found('user@example.com')).toMatchObject([{ last_name: 'Later' }])
})

test('what a contact shows after an import is the sum of what was said of it, and it is found by that', async () => {
  const said = { email: 'sum@example.com', first_name: 'Sue', last_name: 'Early', company: 'Old Mill' }
  const payload = { userId: 'sum-1', traits: said }
  const told = await fresh.app.inject({ method: 'POST', url: '/v1/identify', headers: basic(fresh.write_key), payload })
  expect(told.statusCode).toBe(200)
  const head = 'email,phone,first_name,last_name,Company,Floor'
  const file = await sent(`${head}\nsum@example.com,+12025550151,Susan,,New Mill,3\nsum@example.com,,,Late,,4\n`)
  await change(file, {
    columns: [
      ...file.columns.slice(0, 4),
      ...['Company', 'Floor'].map(header => ({ header, target: `properties.${header.toLowerCase()}` })),
    ],
  })
  expect((await end(file, 'run')).counts).toEqual({ updated: 2 })
  const shown = {
    first_name: 'Susan',
    last_name: 'Late',
    phone: '+12025550151',
    user_id: 'sum-1',
    properties: { company: 'New Mill', floor: '4' },
  }
  expect(await found('sum@example.com')).toMatchObject([shown])
  expect((await call<Page<Contact>>('GET', '/contacts?q=susan%20late')).data).toMatchObject([shown])
  expect(await rebuildPeople(fresh.database, fresh.workspace_id)).toEqual({ people: 0, contacts: 0, search_words: 0 })
  await end(file, 'revert')
  expect(await found('sum@example.com')).toMatchObject([
    { first_name: 'Sue', last_name: 'Early', phone: null, properties: { company: 'Old Mill' } },
  ])
  expect(await rebuildPeople(fresh.database, fresh.workspace_id)).toEqual({ people: 0, contacts: 0, search_words: 0 })
})

test('a row that is emptied while its batch waits for its turn is not written as it was read ahead', async () => {
  const file = await sent('email,first_name\nahead@example.com,Ada\nbeside@example.com,Ben\n')
  const owner = open(fresh.database.url, undefined, 2)
  await owner.begin(async holding => {
    await lockIdentity(holding, [fresh.workspace_id])
    await call('POST', `/imports/${file.id}/run`)
    const waits = () => owner`select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`
    await expect.poll(async () => (await waits()).length, { timeout: 20_000 }).toBeGreaterThan(0)
    // As an erasure does (server/privacy/places.ts).
    await holding`update import_rows set cells = '[]', problem = 'erased' where transfer_id = ${file.id} and row = 2`
  })
  await owner.end()
  expect((await ended(file)).counts).toEqual({ created: 1, failed: 1 })
  expect([await counted('ahead@example.com'), await counted('beside@example.com')]).toEqual([0, 1])
})

test('it is taken back where nobody changed anything since, and says what stays', async () => {
  const before = await person({ email: 'before@example.com', first_name: 'Ben', last_name: 'Before' })
  const file = await sent(
    'email,phone,first_name,last_name,tags\nbefore@example.com,+12025550141,Bert,After,Imported\n' +
      'made@example.com,,Made,One,\nkept@example.com,,Kept,Two,\n',
  )
  await end(file, 'run')
  const [kept] = await found('kept@example.com')
  await call('PATCH', `/contacts/${kept!.id}`, { gender: 'female' })
  await call('PATCH', `/contacts/${before.id}`, { last_name: 'Later' })
  const reverted = await end(file, 'revert')
  expect(reverted).toMatchObject({ state: 'done', counts: { reverted: 1, kept: 2 } })
  expect(await call('GET', `/contacts/${before.id}`)).toMatchObject({
    first_name: 'Ben',
    last_name: 'Later',
    phone: null,
    tags: [],
  })
  expect([await counted('made@example.com'), await counted('kept@example.com')]).toEqual([0, 1])
  const { data } = await call<Page<ImportRow>>('GET', `/imports/${file.id}/rows`)
  expect(data.map(({ reverted }) => reverted)).toEqual(['last_name was changed since', 'reverted', 'was changed since'])
  await person({ email: 'made@example.com', phone: '+12025550141' })
  expect(await refused('POST', `/imports/${file.id}/revert`)).toBe('conflict')
})

test('of a file that waits for its mapping nobody is told that it ended: of its trial, until they looked, they are', async () => {
  const { headers } = await signedIn(fresh)
  const post = async (path: string, sending: object = {}) => {
    const answer = await fresh.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, ...sending })
    expect(answer.statusCode, answer.body).toBeLessThan(300)
    return answer.json<Import>()
  }
  const unseen = async () => {
    const answer = await fresh.app.inject({ url: '/api/v1/transfers?unseen=true', headers })
    return answer.json<Page<{ id: number }>>().data.map(({ id }) => id)
  }
  const payload = 'email\nwaits@example.com\n'
  const { id } = await post('/imports', { payload, headers: { ...headers, 'content-type': 'text/csv' } })
  expect(await unseen()).toEqual([])
  expect(await post(`/transfers/${id}/seen`)).toMatchObject({ state: 'waiting', seen_at: null })
  await post(`/imports/${id}/check`)
  expect(await ended({ id })).toMatchObject({ state: 'waiting' })
  expect(await unseen()).toEqual([id])
  await post(`/transfers/${id}/seen`)
  expect(await unseen()).toEqual([])
})

test('a file that was stopped goes on where it was, and no row is written twice', async () => {
  const rows = BATCH * 10
  const file = await sent(`email\n${Array.from({ length: rows }, (_, k) => `stop${k}@example.com`).join('\n')}`)
  await call('POST', `/imports/${file.id}/run`)
  while ((await call<Import>('GET', `/imports/${file.id}`)).done === 0) await sleep(5)
  const stopped = await call<Import>('POST', `/transfers/${file.id}/stop`)
  expect(stopped.state).toBe('stopped')
  expect(stopped.done).toBeLessThan(rows)
  await call('POST', `/transfers/${file.id}/resume`)
  const done = await ended(file)
  expect(done).toMatchObject({ state: 'done', done: rows, counts: { created: rows } })
  const [told] = await fresh.database.system`
    select count(*)::int as made from activities where action = 'contact.created' and (actor ->> 'id')::int = ${file.id}`
  expect(told!.made).toBe(rows)
})

test('the same file under one key is one import', async () => {
  const headers = { 'idempotency-key': 'the-file' }
  const [one, two] = [await upload('email\nkey@example.com\n', headers), await upload('email\nkey@example.com\n', headers)]
  expect([one.statusCode, two.json().id, two.headers['idempotency-replayed']]).toEqual([201, one.json().id, 'true'])
})

test.each(['csv', 'jsonl'])('what was exported as %s and is imported again changes nothing', async format => {
  await call('POST', '/custom-fields', { noun: 'contact', key: `size_${format}`, label: `Size ${format}`, type: 'number' })
  const { id } = await person({
    email: `${format}@example.com`, phone: format === 'csv' ? '+12025550151' : '+12025550152', first_name: '=1+1', last_name: "'-x", age: 41,
    address: { street: '1 Main St', city: 'denver', zip_code: null },
    properties: { plan: { name: 'gold', seats: [1, 2] }, count: 5, note: ' spaced ', is_new: false }, custom: { [`size_${format}`]: 4.5 },
  }) // biome-ignore format: a person
  await person({ email: 'info@company.example', first_name: format })
  await call('POST', `/contacts/${id}/tags`, { names: ['Baker', 'Early; bird'] })
  const { id: export_id } = await call<{ id: number }>('POST', '/exports', { of: 'contacts', format })
  let out = await call<{ state: string; file: { url: string } }>('GET', `/exports/${export_id}`)
  while (out.state === 'running') out = await call('GET', `/exports/${export_id}`)
  const url = out.file.url.replace(/^.*(?=\/api)/, '')
  const { body } = await fresh.app.inject({ url })
  const file = await sent(body)
  expect(file).toMatchObject({ preset: 'throughline', by: 'id' })
  const told = () => fresh.database.system`select count(*)::int as all from activities where action <> 'transfer.started'`
  const before = await told()
  const { counts } = await end(file, 'run')
  expect([Object.keys(counts), await rowsOf(file, 'failed'), await rowsOf(file, 'updated')]).toEqual([['unchanged'], [], []])
  expect(await told()).toEqual(before)
})

test('whoever is erased after a file was sent does not come back by it', async () => {
  const { id } = await person({ email: 'erased@example.com', first_name: 'Erik' })
  const file = await sent('email,first_name\nerased@example.com,Erik\nstays@example.com,Stan\n')
  await call('POST', '/privacy/erasures', { contact_id: id })
  await erased()
  const { counts } = await end(file, 'run')
  expect([counts.created, await counted('erased@example.com'), await counted('stays@example.com')]).toEqual([1, 0, 1])
  expect(JSON.stringify(await rowsOf(file))).not.toContain('erased@')
})

test('whoever is erased while a batch with them is being written comes back by no row, and stands nowhere at the end', async () => {
  const [email, phone] = ['amid@example.com', '+12025550171']
  const lines = Array.from({ length: BATCH * 2 }, (_, k) => {
    if (k % BATCH === 5) return `${email},${phone},Amy,`
    return `during${k}@example.com,,Name${k},${k === BATCH + 9 ? email : ''}`
  })
  const file = await sent(`email,phone,first_name,partner\n${lines.join('\n')}`)
  await change(file, {
    columns: file.columns.map(one => (one.header === 'partner' ? { ...one, target: 'properties.partner' } : one)),
  })
  const owner = open(fresh.database.url, undefined, 2)
  const holding = await owner.reserve()
  const waiting = async (lock: string) => {
    const [row] = await owner<{ waiting: number }[]>`
      select count(*)::int as waiting
        from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and wait_event = ${lock}`
    return row!.waiting
  }
  // The batch has made the contact, and cannot count it before this ends.
  await holding`begin`
  await holding`select from workspaces where id = ${fresh.workspace_id} for no key update`
  await call('POST', `/imports/${file.id}/run`)
  await expect.poll(() => waiting('transactionid'), { timeout: 20_000 }).toBeGreaterThan(0)
  await call('POST', '/privacy/erasures', { email })
  await expect.poll(() => waiting('advisory'), { timeout: 20_000 }).toBeGreaterThan(0)
  await holding`commit`
  holding.release()
  await owner.end()
  expect(await ended(file)).toMatchObject({ state: 'done', done: BATCH * 2 })
  await erased()
  expect(await scan(fresh.database.system, [email, phone])).toEqual([])
  // But for the row that named them.
  const [others] = await fresh.database.system`select count(*)::int as all from contacts where email like 'during%'`
  expect(others!.all).toBeGreaterThanOrEqual(BATCH * 2 - 3)
})

function upload(payload: string | Buffer, headers: Record<string, string> = {}) {
  const type = { 'content-type': 'text/csv' }
  return fresh.app.inject({
    method: 'POST',
    url: '/api/v1/imports?name=people.csv',
    payload,
    headers: { ...bearer(fresh.secret_key), ...type, ...headers },
  })
}

async function sent(file: string | Buffer): Promise<Import> {
  const answer = await upload(file)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}

async function call<T>(method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object): Promise<T> {
  const answer = await fresh.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: bearer(fresh.secret_key),
    ...(payload && { payload }),
  })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}

async function refused(method: 'POST' | 'PATCH', path: string, payload?: object): Promise<string> {
  const answer = await fresh.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: bearer(fresh.secret_key),
    ...(payload && { payload }),
  })
  return answer.json().error?.code
}

async function ended({ id }: { id: number }): Promise<Import> {
  for (;;) {
    const file = await call<Import>('GET', `/imports/${id}`)
    if (file.state !== 'running') {
      expect(file.error).toBeNull()
      return file
    }
    await sleep(10)
  }
}

async function erased() {
  for (;;) {
    const [run] = await fresh.database.system`select state, error from erasures order by id desc limit 1`
    if (run!.state !== 'running') return expect(run).toEqual({ state: 'done', error: null })
    await sleep(10)
  }
}

async function end(file: Import, verb: 'check' | 'run' | 'revert'): Promise<Import> {
  await call('POST', `/imports/${file.id}/${verb}`)
  return ended(file)
}

const person = (fields: object) => call<Contact>('POST', '/contacts', fields)
const change = (file: Import, settings: object) => call<Import>('PATCH', `/imports/${file.id}`, settings)
const preview = (file: Import) => call<ImportPreview>('GET', `/imports/${file.id}/preview`)
const found = async (email: string) => (await call<Page<Contact>>('GET', `/contacts?email=${email}`)).data
const counted = async (email: string) => (await found(email)).length
const targetsOf = (file: Import) => file.columns.map(({ target }) => target)

async function rowsOf({ id }: Import, outcome?: string) {
  const { data } = await call<Page<ImportRow>>('GET', `/imports/${id}/rows${outcome ? `?outcome=${outcome}` : ''}`)
  return data.map(({ row, reason }) => [row, reason])
}
