import { openApp } from './salesforce/app.ts'
import { judge, type Rules } from './salesforce/judge.ts'
import { isSame, longId, OBJECTS, type Row, shown } from './salesforce/rows.ts'
import { readSoql } from './salesforce/soql.ts'
import { missing, wrong } from './salesforce/wrong.ts'
import { type Answered, type Asked, listen, type Standin, type StandinPerson } from './standin.ts'

// Salesforce as its REST API is documented and as recordings of it show: statuses, arrays of errors, ids of 18 letters, pages of a
// query, the counter of requests. Its flow that reads sign-ups to lists is played too: who is unknown becomes a contact.

export type SalesforceOptions = Rules & {
  auth?: 'client_credentials' | 'jwt'
  /** Records on a page of a query. */
  page_size?: number
  /** Requests of a day: the next are refused with 403. */
  daily_limit?: number
  settings?: Record<string, string>
}

/** `record` gives the fields of one. */
export type SalesforceStandin = Standin & { record(id: string): Record<string, unknown> }

export async function salesforceStandin(options: SalesforceOptions = {}): Promise<SalesforceStandin> {
  const { auth = 'client_credentials', page_size = 2000, daily_limit = 15_000 } = options
  const app = openApp(auth)
  const rows = new Map<string, Row>()
  const lists = new Map<string, Set<string>>() // by e-mail: the contacts that the flow made
  let asked_today = 0

  const server = await listen(reply, app.takeBack)
  const settings: Record<string, string> = {
    url: server.url,
    ...app.settings,
    sustainer_field: 'Sustainer__c',
    old_id_field: 'Nationbuilder_Id__c',
    fields: 'is_educator = Educator__c',
    ...options.settings,
  }
  for (const Name of ['Newsletter', 'Educators', 'עברית']) store('Campaign', { Name, IsActive: true })
  store('Campaign', { Name: 'Of last year', IsActive: false })

  return { ...server, settings, signIns: app.given, people, put, record: id => rows.get(id)! }

  function reply(asked: Asked): Answered {
    if (asked.path === '/services/oauth2/token') return app.grant(new URLSearchParams(asked.text), server.url)
    if (!app.knows(asked.headers.authorization)) return wrong(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
    if (++asked_today > daily_limit) return wrong(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
    const headers = { 'sforce-limit-info': `api-usage=${asked_today}/${daily_limit}` }
    return { headers, ...answer(asked) }
  }

  function answer({ method, path, query, json }: Asked): Answered {
    const parts = path
      .replace(/^\/services\/data\/v/, '')
      .split('/')
      .map(decodeURIComponent)
    const [version = '', resource, object = '', ...rest] = parts
    if (resource === 'query') return page(version, object || null, query.get('q') ?? '')
    const fields = OBJECTS[object]
    if (resource !== 'sobjects' || !fields) return missing()
    if (rest[0] === 'describe') return describe(object)
    if (method === 'POST' && rest.length === 0) return save({ object }, json, 201)
    if (rest.length === 2 && fields[rest[0]!] === 'id')
      return byExternalId(method, version, object, rest as [string, string], json)
    const row = rest.length === 1 ? rowOf(rest[0]!) : undefined
    if (!row || row.object !== object) return missing()
    if (row.is_deleted) return wrong(404, 'ENTITY_IS_DELETED', 'entity is deleted')
    if (method === 'GET') return { status: 200, body: shown(row, query.get('fields')?.split(',') ?? Object.keys(fields)) }
    if (method === 'DELETE') {
      row.is_deleted = true
      return { status: 204 }
    }
    return method === 'PATCH' ? save(row, json, 204) : wrong(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed.`)
  }

  function byExternalId(
    method: string,
    version: string,
    object: string,
    [field, value]: [string, string],
    json: unknown,
  ): Answered {
    const held = living(object).filter(row => row[field] === value)
    const url = (row: Row) => `/services/data/v${version}/sobjects/${object}/${row.Id}`
    if (held.length > 1) return { status: 300, body: held.map(url) }
    if (method === 'GET') return held[0] ? { status: 200, body: shown(held[0], ['Id']) } : missing()
    if (json && field in (json as object))
      return wrong(400, 'INVALID_FIELD', `The ${field} field should not be specified in the sobject data.`)
    if (!held[0]) return save({ object, [field]: value }, json, 201)
    return save(held[0], json, Number.parseFloat(version) >= 46 ? 200 : 204)
  }

  /** What is wrong is said before anything is stored. */
  function save(into: Partial<Row> & { object: string }, json: unknown, status: number): Answered {
    if (!json || typeof json !== 'object' || Array.isArray(json)) return wrong(400, 'JSON_PARSER_ERROR', 'Unexpected character')
    const problem = judge(into, json as Record<string, unknown>, living(into.object), options)
    if (problem) return problem
    const row = into.Id ? Object.assign(into, json) : store(into.object, { ...into, ...json })
    if (row.object === 'App_Event__c') flow(String(row.Payload__c))
    return status === 204 ? { status } : { status, body: { id: row.Id, success: true, errors: [], created: status === 201 } }
  }

  function page(version: string, locator: string | null, soql: string): Answered {
    const [asked, from] = locator
      ? [Buffer.from(locator.split('-')[0]!, 'hex').toString(), Number(locator.split('-')[1])]
      : [soql, 0]
    const query = readSoql(asked)
    if (typeof query === 'string') return wrong(400, 'MALFORMED_QUERY', query)
    const fields = OBJECTS[query.object]
    if (!fields) return wrong(400, 'INVALID_TYPE', `sObject type '${query.object}' is not supported.`)
    const unknown = [...query.fields, ...query.where.map(({ field }) => field)].find(field => field !== 'Id' && !fields[field])
    if (unknown) return wrong(400, 'INVALID_FIELD', `No such column '${unknown}' on entity '${query.object}'.`)
    const found = living(query.object)
      .filter(row => query.where.every(({ field, value }) => isSame(row[field], value)))
      .slice(0, query.limit)
    const records = found.slice(from, from + page_size).map(row => shown(row, query.fields))
    const done = from + page_size >= found.length
    const next = `/services/data/v${version}/query/${Buffer.from(asked).toString('hex')}-${from + page_size}`
    return { status: 200, body: { totalSize: found.length, done, ...(!done && { nextRecordsUrl: next }), records } }
  }

  function describe(object: string): Answered {
    const fields = ['Id', ...Object.keys(OBJECTS[object]!)].map(name => ({
      name,
      label: name,
      type: OBJECTS[object]![name] ?? 'id',
    }))
    return { status: 200, body: { name: object, createable: true, updateable: true, fields } }
  }

  function flow(payload: string) {
    const { action, email, lists: joined } = JSON.parse(payload)
    if (action === 'join_lists') lists.set(email, new Set([...(lists.get(email) ?? []), ...joined]))
  }

  function store(object: string, fields: Record<string, unknown>): Row {
    const Id = longId(`${object === 'App_User__c' ? 'a0X' : 'a0Y'}5e${String(rows.size + 1).padStart(10, '0')}`)
    const row = { is_deleted: false, ...fields, object, Id } as Row
    rows.set(Id, row)
    return row
  }

  function rowOf(id: string) {
    return rows.get(id) ?? (id.length === 15 ? rows.get(longId(id)) : undefined)
  }

  function living(object: string) {
    return [...rows.values()].filter(row => row.object === object && !row.is_deleted)
  }

  function people(): StandinPerson[] {
    const users = [...rows.values()].filter(row => row.object === 'App_User__c').map(personOf)
    const strangers = [...lists].filter(([email]) => !users.some(user => user.email === email))
    return [
      ...users,
      ...strangers.map(([email]) => personOf({ Id: `contact ${email}`, object: 'Contact', is_deleted: false, Email__c: email })),
    ]
  }

  function personOf(row: Row): StandinPerson {
    const text = (field: string) => (row[field] as string | undefined) ?? null
    return {
      id: row.Id,
      email: text('Email__c'),
      first_name: text('First_Name__c'),
      last_name: text('Last_Name__c'),
      our_id: text('Throughline_Id__c'),
      old_id: text('Nationbuilder_Id__c'),
      lists: [...(lists.get(text('Email__c') ?? '') ?? [])],
      sustains: row.Sustainer__c === true,
      in_review: row.Manual_Review_Required__c === true,
      is_deleted: row.is_deleted,
    }
  }

  function put(person: Partial<StandinPerson>): string {
    if (person.lists && person.email) lists.set(person.email, new Set(person.lists))
    const { Id } = store('App_User__c', {
      Throughline_Id__c: person.our_id,
      Email__c: person.email,
      First_Name__c: person.first_name,
      Last_Name__c: person.last_name,
      Nationbuilder_Id__c: person.old_id,
      Sustainer__c: person.sustains ?? false,
      Manual_Review_Required__c: person.in_review ?? false,
      is_deleted: person.is_deleted ?? false,
    })
    return Id
  }
}
