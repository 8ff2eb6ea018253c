import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { signLink } from '../server/contacts/email-link.ts'
import { secretFor } from '../server/secrets.ts'
import { type FreshApp, freshApp, type Tenant } from './app.ts'
import { addressOf, type Operation, operationsOf, sampleOf, UNPUBLISHED } from './openapi.ts'
import { alias, basic, batch, bearer, bob, identify, jane, john, sally, track } from './people.ts'
import { fingerprint, type Table, tenantTables, valuesOf } from './wall/tables.ts'
import { live, signIn } from './wall/tenants.ts'

// Two tenants who live alike in one database. What is of the second one carries this word, and it may be in no answer to the first.
const SECRET = `canary${randomUUID().slice(0, 8)}`

let fresh: FreshApp
let rival: Tenant
let tables: Table[]
let operations: Operation[]
let callers: Record<string, Record<string, string>>

beforeAll(async () => {
  fresh = await freshApp()
  rival = await fresh.another(`Rival ${SECRET}`)
  await live(fresh, fresh, [john, jane], 'own')
  await live(fresh, rival, [sally, bob], SECRET)
  const { system } = fresh.database
  tables = await tenantTables(system)
  operations = [...(await operationsOf(fresh.app)), ...UNPUBLISHED]
  callers = { 'secret key': bearer(fresh.secret_key), session: await signIn(fresh, fresh.workspace_id, 'owner@example.com') }
  await signIn(fresh, rival.workspace_id, 'rival@example.com')
})

const ask = async ({ method }: Pick<Operation, 'method'>, url: string, headers: Record<string, string>, payload?: unknown) => {
  const body = payload === undefined ? {} : { payload: JSON.stringify(payload) }
  const answer = await fresh.app.inject({
    method: method as 'GET',
    url,
    headers: { ...headers, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
    ...body,
  })
  return { status: answer.statusCode, text: answer.body }
}

/**
 * Signing out ends the caller, who knows an address of intake or of booking may use it, whoever they are, and the stream of what arrives has
 * a test of its own, as has whose browsers somebody may sign out.
 */
const probed = ({ method, path }: Operation) =>
  path !== '/api/v1/live' &&
  !/^\/(intake|api\/v1\/bookings?)\//.test(path) &&
  !(method === 'DELETE' && /\/session$|\/account\/sessions\/\{id\}$/.test(path))

/** Of people, in no workspace: the door, and what concerns themselves. A key opens none of it. */
const outside = ({ path }: Operation) => /\/v1\/(session|owner|account|password-resets|invitation)\b/.test(path)

describe("every route, with another tenant's ids", () => {
  type Slot = { name: string; theirs: string[]; own: string; nobody: string; is_text: boolean }

  /** The places of a request where an id or a name of somebody can stand. */
  async function slotsOf(operation: Operation): Promise<Slot[]> {
    const inBody = Object.entries(operation.body?.properties ?? {}).map(([name, shape]) => ({ name, type: shape.type }))
    const named = [...operation.parameters.map(({ name, schema }) => ({ name, type: schema.type })), ...inBody]
    const slots = await Promise.all(
      named.map(async ({ name, type }) => {
        const place = placeOf(operation.path, name)
        if (!place || isGiven(operation, name)) return []
        const { theirs, own } = await valuesAt(place)
        if (!theirs[0] || !own) throw new Error(`Both tenants need something in ${place.join('.')}: see test/wall/tenants.ts.`)
        const nobody = strangerTo(own)
        return [
          { name, theirs, own, nobody: name === 'phone' ? '+12025550999' : nobody, is_text: [type].flat().includes('string') },
        ]
      }),
    )
    return slots.flat()
  }

  /** A workspace chooses the ids of its providers; what another one calls its own does not matter. */
  function isGiven({ method, path }: Operation, name: string) {
    return method === 'POST' && path.endsWith('/providers') && name === 'provider_id'
  }

  /** Of the same form, so that it is not refused for that. */
  function strangerTo(own: string): string {
    if (/^\d+$/.test(own)) return '2147000111'
    if (/^[0-9a-f-]{36}$/.test(own)) return randomUUID()
    return /^[\w-]+$/.test(own) ? 'nobody_at_all' : 'nobody@nowhere.example'
  }

  /** As they are before anything is probed: what is sent for a test may become the own. */
  const values = new Map<string, { theirs: string[]; own: string | undefined }>()
  async function valuesAt([table, column]: [string, string]) {
    const known = values.get(`${table}.${column}`)
    if (known) return known
    const { system } = fresh.database
    const theirs = await valuesOf(system, table, column, rival.workspace_id, fresh.workspace_id)
    const [own] = await valuesOf(system, table, column, fresh.workspace_id, rival.workspace_id)
    values.set(`${table}.${column}`, { theirs, own })
    return { theirs, own }
  }

  /** Where the ids of a parameter come from: the table of the noun before it, unless its own name says so. */
  function placeOf(path: string, name: string): [table: string, column: string] | undefined {
    // Elsewhere it is the customer's own id of somebody.
    if (name === 'user_id' && path.includes('/staff/{user_id}')) return ['memberships', 'user_id']
    if (name === 'id' && path.includes('/users/{id}')) return ['memberships', 'user_id']
    if (name in NAMED) return NAMED[name]
    const noun = new RegExp(`/([a-z-]+)/\\{${name}\\}`).exec(path)?.[1]?.replaceAll('-', '_')
    if (noun === undefined) return undefined
    const table = TABLES[noun] ?? noun
    if (tables.some(one => one.name === table)) return [table, name === 'id' ? 'id' : name]
    throw new Error(`What is {${name}} in ${path}? Name its table in this test.`)
  }

  const NAMED: Record<string, [string, string] | undefined> = {
    contact_id: ['contacts', 'id'],
    other_id: ['contacts', 'id'],
    visitor_id: ['visitors', 'id'],
    owner_id: ['memberships', 'user_id'],
    endpoint_id: ['endpoints', 'id'],
    webhook_id: ['intake_webhooks', 'id'],
    provider_id: ['providers', 'provider_id'],
    pool_id: ['pools', 'id'],
    appointment_id: ['appointments', 'id'],
    rule_id: ['routing_rules', 'id'],
    connection_id: ['crm_connections', 'id'],
    run_id: ['crm_runs', 'id'],
    tag_id: ['tags', 'id'],
    role_id: ['roles', 'id'],
    tag: ['tags', 'name'],
    distinct_id: ['visitors', 'distinct_id'],
    user_id: ['contacts', 'user_id'],
    email: ['contacts', 'email'],
    phone: ['contacts', 'phone'],
    version: undefined, // counts within its rule
    write_key: undefined, // public: it stands in the page
    token: undefined, // has a test of its own
  }
  const VALUES = ['email', 'phone', 'user_id', 'distinct_id']
  const TABLES: Record<string, string> = {
    merges: 'contact_merges',
    connections: 'crm_connections',
    runs: 'crm_runs',
    lists: 'mailing_lists',
    links: 'identity_links',
    suggestions: 'merge_suggestions',
    pages: 'funnel_pages',
    videos: 'funnel_videos',
    absences: 'staff_absences',
    imports: 'transfers',
    exports: 'transfers',
    bulk_actions: 'transfers',
  }

  async function send(operation: Operation, headers: Record<string, string>, values: Map<Slot, string>) {
    const given = Object.fromEntries([...values].map(([{ name }, value]) => [name, value]))
    const query = operation.parameters.filter(one => one.in === 'query' && given[one.name] !== undefined)
    const url = addressOf(
      operation,
      { write_key: fresh.write_key, token: 'no.token', version: '1', ...given },
      query.map(one => [one.name, given[one.name]!]),
    )
    const slots = [...values.keys()]
    const valueFor = (name: string) => {
      const slot = slots.find(slot => slot.name === name)
      const value = given[name]
      return slot && value !== undefined && !operation.path.includes(`{${name}}`)
        ? slot.is_text
          ? value
          : Number(value)
        : undefined
    }
    return ask(operation, url, headers, operation.body && sampleOf(operation.body, valueFor))
  }

  test('answers as if they did not exist, and nothing of theirs is in any answer or changes', { timeout: 600_000 }, async () => {
    const { system } = fresh.database
    const before = await fingerprint(system, tables, rival.workspace_id)
    for (const operation of operations.filter(probed)) await slotsOf(operation)
    const ids = await system<{ id: number }[]>`select id from contacts where workspace_id = ${rival.workspace_id}`
    const their_contacts = new RegExp(`\\b(${ids.map(row => row.id).join('|')})\\b`)
    let probes = 0
    // What only reads comes first: whoever writes an e-mail of theirs into the own workspace finds it there afterwards.
    const [reading, writing] = [
      operations.filter(one => probed(one) && one.method === 'GET'),
      operations.filter(one => probed(one) && one.method !== 'GET'),
    ]
    const turns = [reading, writing].flatMap(some => Object.values(callers).map(headers => [some, headers] as const))
    for (const [some, headers] of turns) {
      for (const operation of some) {
        const slots = await slotsOf(operation)
        const attempts = [...slots.map(slot => [slot]), ...(slots.length > 1 ? [slots] : [])]
        for (const attacked of attempts) {
          const fill = (choose: (slot: Slot) => string) =>
            new Map(slots.filter(slot => attacked.includes(slot) || isNeeded(operation, slot)).map(slot => [slot, choose(slot)]))
          const nobodys = await send(
            operation,
            headers,
            fill(slot => (attacked.includes(slot) ? slot.nobody : slot.own)),
          )
          for (const turn of [0, 1, 2]) {
            const values = fill(slot => (attacked.includes(slot) ? slot.theirs[turn % slot.theirs.length]! : slot.own))
            const theirs = await send(operation, headers, values)
            probes++
            const said = `${operation.method} ${operation.path} with ${attacked.map(slot => `${slot.name}=${values.get(slot)}`)}`
            expect(theirs.text, said).not.toContain(SECRET)
            expect(theirs.text, said).not.toMatch(their_contacts)
            // An e-mail that is put into the own workspace is its own from then on, whoever else has it.
            if (operation.method !== 'GET' && attacked.every(slot => VALUES.includes(slot.name))) continue
            expect({ said, ...theirs }).toEqual({ said, ...nobodys })
            if (attacked.length === 1 && attacked.some(slot => operation.path.includes(`{${slot.name}}`)))
              expect({ said, status: theirs.status }).toEqual({ said, status: 404 })
          }
        }
        if (slots.length === 0) {
          probes++
          const { text } = await send(operation, headers, new Map())
          expect(text, `${operation.method} ${operation.path}`).not.toContain(SECRET)
        }
      }
    }
    expect(await fingerprint(system, tables, rival.workspace_id)).toEqual(before)
    expect(probes).toBeGreaterThan(200)
  })

  function isNeeded({ path, body, parameters }: Operation, { name }: Slot) {
    return (
      path.includes(`{${name}}`) || body?.required?.includes(name) || parameters.some(one => one.name === name && one.required)
    )
  }

  test('lists, searches and cursors give only what is their own', async () => {
    const prefix = SECRET.slice(0, -2)
    const lists = operations.filter(
      ({ method, path, parameters }) => method === 'GET' && !path.includes('{') && parameters.length > 0,
    )
    expect(lists.length).toBeGreaterThan(3)
    for (const headers of Object.values(callers)) {
      for (const list of lists) {
        const cursors = list.parameters.some(one => one.name === 'cursor') ? await cursorsOf(list) : []
        const texts = list.parameters.filter(
          one => one.in === 'query' && one.name !== 'cursor' && [one.schema.type].flat().includes('string') && !one.schema.enum,
        )
        const queries: [string, string][][] = [
          [],
          [['limit', '200']],
          ...cursors.map((cursor): [string, string][] => [
            ['cursor', cursor],
            ['limit', '200'],
          ]),
          ...texts.flatMap(({ name }) =>
            [`did ${prefix}`, prefix, 'canary', '%', '_', "' or true --", sally.email, sally.laptop].map(
              (value): [string, string][] => [[name, value]],
            ),
          ),
        ]
        for (const query of queries) {
          const { text } = await ask(
            list,
            addressOf(
              list,
              {},
              query.filter(([name]) => list.parameters.some(one => one.name === name)),
            ),
            headers,
          )
          expect(text, JSON.stringify(query)).not.toContain(SECRET)
          // Reports repeat what they were asked.
          const told = query.reduce((rest, [name, value]) => rest.replace(`"${name}":${JSON.stringify(value)}`, ''), text)
          expect(told, JSON.stringify(query)).not.toContain(`${sally.laptop}"`)
        }
      }
    }
  })

  /** Where the other tenant's own pages go on. */
  async function cursorsOf(list: Operation) {
    const { text } = await ask(list, addressOf(list, {}, [['limit', '1']]), bearer(rival.secret_key))
    expect(text, `${list.path} has nothing of the other tenant`).toMatch(/"data":\[\{/)
    const { next_cursor } = JSON.parse(text) as { next_cursor: string | null }
    return next_cursor === null ? [] : [next_cursor]
  }

  test('a session that names a workspace of others is told that there is none', async () => {
    const headers = { ...callers.session!, 'x-workspace-id': String(rival.workspace_id) }
    const { 'x-workspace-id': _, ...without } = callers.session!
    const inWorkspace = operations.filter(
      one => probed(one) && one.path.startsWith('/api/v1/') && !outside(one) && !one.path.endsWith('/workspaces'),
    )
    for (const operation of inWorkspace) {
      const ids = Object.fromEntries(operation.parameters.filter(one => one.in === 'path').map(({ name }) => [name, '1']))
      const url = addressOf(
        operation,
        { ...ids, id: String(rival.workspace_id) },
        operation.parameters.filter(one => one.in === 'query' && one.required).map(one => [one.name, '1']),
      )
      const body = operation.body && sampleOf(operation.body)
      for (const answer of [
        await ask(operation, url, headers, body),
        await ask(operation, `${url}${url.includes('?') ? '&' : '?'}workspace_id=${rival.workspace_id}`, without, body),
      ])
        expect({ said: `${operation.method} ${url}`, ...answer, text: '' }).toEqual({
          said: `${operation.method} ${url}`,
          status: 404,
          text: '',
        })
    }
  })

  test('a write key can send and do nothing else', async () => {
    for (const operation of operations.filter(one => probed(one) && one.path.startsWith('/api/v1/') && !outside(one))) {
      const ids = Object.fromEntries(operation.parameters.filter(one => one.in === 'path').map(({ name }) => [name, '1']))
      const query = operation.parameters
        .filter(one => one.in === 'query' && one.required)
        .map((one): [string, string] => [one.name, '1'])
      const { status, text } = await ask(
        operation,
        addressOf(operation, ids, query),
        bearer(fresh.write_key),
        operation.body && sampleOf(operation.body),
      )
      expect({ said: `${operation.method} ${operation.path}`, status, text }).toMatchObject({
        status: 403,
        text: expect.stringContaining('missing_scope'),
      })
    }
  })

  test('the stream of what arrives carries only what arrives in the own workspace', async () => {
    const url = fresh.url || (await fresh.listen())
    const leaving = new AbortController()
    const stream = await fetch(`${url}/api/v1/live`, { headers: bearer(fresh.secret_key), signal: leaving.signal })
    const post = (key: string, event: string) =>
      ask({ method: 'POST' }, '/v1/track', basic(key), track(event, { anonymousId: 'streaming' }))
    let text = ''
    const decoder = new TextDecoder()
    const reading = (async () => {
      for await (const chunk of stream.body!) {
        text += decoder.decode(chunk as Uint8Array)
        if (text.includes('the last one')) return
      }
    })()
    await expect.poll(() => text).toContain('retry')
    for (let k = 0; k < 10; k++) {
      await post(rival.write_key, `arrived ${SECRET}`)
      await post(fresh.write_key, 'arrived own')
    }
    await post(fresh.write_key, 'the last one')
    await reading
    leaving.abort()
    expect(text).toContain('arrived own')
    expect(text).not.toContain(SECRET)
  })
})

describe('collecting', () => {
  test("events that name the other tenant's people, links and messages stay on the own side", async () => {
    const { system } = fresh.database
    const before = await fingerprint(system, tables, rival.workspace_id)
    const [message] = await system<{ message_id: string }[]>`
      select message_id from events where workspace_id = ${rival.workspace_id} and message_id like ${`${SECRET}%`}`
    const [contact] = await system<{ id: number }[]>`
      select id from contacts where workspace_id = ${rival.workspace_id} and email = ${sally.email}`
    const secret = secretFor(fresh.context.config, 'email links')
    const link = {
      workspace_id: rival.workspace_id,
      contact_id: contact!.id,
      url: 'https://shop.example/',
      expires_at: Date.now() + 60_000,
    }
    const context = { email_link_token: signLink(secret, link) }
    const { status, text } = await ask({ method: 'POST' }, '/v1/batch', basic(fresh.write_key), {
      ...batch(
        track('intruded', { anonymousId: sally.laptop, messageId: message!.message_id, context }),
        identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: { email: sally.email } }),
        alias(sally.mobile, sally.user_id),
      ),
      writeKey: rival.write_key,
    })
    expect({ status, text }).toEqual({ status: 200, text: '{"success":true}' })
    expect(await fingerprint(system, tables, rival.workspace_id)).toEqual(before)
    const [own] = await system<{ traits: object; events: number }[]>`
      select c.traits, (select count(*)::int from events e where e.workspace_id = c.workspace_id and e.event = 'intruded') as events
        from contacts c
       where c.workspace_id = ${fresh.workspace_id} and c.email = ${sally.email}`
    expect(own!.events).toBe(1)
    expect(JSON.stringify(own)).not.toContain(SECRET)
  })
})
