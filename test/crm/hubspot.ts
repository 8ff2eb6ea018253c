import { randomUUID } from 'node:crypto'
import { openLimit } from './limit.ts'
import { type Answered, type Asked, listen, type Standin, type StandinPerson } from './standin.ts'

// HubSpot as its API is documented and as recordings of it show, by v3 and by dated paths: contacts by id and by unique properties,
// upserts in batches, conflicts that name the other contact, lists and their members, the limit of ten seconds.

type Properties = Record<string, string>
type Contact = { id: string; properties: Properties; is_archived: boolean; lists: Set<string> }
type List = { listId: string; name: string; processingType: 'MANUAL' | 'DYNAMIC' | 'SNAPSHOT'; objectTypeId: string }

const UNIQUE = ['email', 'throughline_id', 'nationbuilder_id']
const CHECKBOXES = ['manual_review_required', 'educator']
const DEFINED = ['firstname', 'lastname', 'hs_language', 'hs_additional_emails', 'num_associated_deals', ...CHECKBOXES, ...UNIQUE]
const TOKEN = 'pat-na1-11111111-2222-3333-4444-555555555555'

export type HubSpotOptions = {
  /** At most so many members or lists on a page. */
  page_size?: number
  /** What is wrong with a contact of a batch is said with 207, instead of refusing the batch. */
  multi_status?: boolean
  per_ten_seconds?: number
  settings?: Record<string, string>
}

export type HubSpotStandin = Standin & {
  /** What only people or HubSpot itself set. */
  set(id: string, properties: Properties): void
  get(id: string): Properties
  addList(name: string, processingType: List['processingType']): void
}

export async function hubspotStandin(options: HubSpotOptions = {}): Promise<HubSpotStandin> {
  const { page_size = 250, multi_status = false, per_ten_seconds = 100 } = options
  const contacts = new Map<string, Contact>()
  const lists: List[] = []
  const count = openLimit({ requests: per_ten_seconds, per_ms: 10_000 })
  let is_void = false
  const server = await listen(reply, () => {
    is_void = true
  })
  const settings: Record<string, string> = {
    url: server.url,
    token: TOKEN,
    sustainer_list: 'Sustainers',
    old_id_property: 'nationbuilder_id',
    fields: 'is_educator = educator',
    ...options.settings,
  }
  for (const name of ['Newsletter', 'Educators', 'עברית']) addList(name, 'MANUAL')
  addList('Sustainers', 'DYNAMIC')
  addList('Companies that pay', 'MANUAL', '0-2')

  const get = (id: string) => contacts.get(id)!.properties
  return { ...server, settings, signIns: () => 0, people, put, set, get, addList }

  function reply(asked: Asked): Answered {
    if (asked.headers.authorization !== `Bearer ${TOKEN}` || is_void)
      return wrong(
        401,
        'INVALID_AUTHENTICATION',
        'Authentication credentials not found. This API supports OAuth 2.0 authentication.',
      )
    const { is_over, remaining } = count()
    const headers = {
      'x-hubspot-correlation-id': randomUUID(),
      'x-hubspot-ratelimit-max': String(per_ten_seconds),
      'x-hubspot-ratelimit-remaining': String(remaining),
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
    }
    if (!is_over) return { headers, ...answer(asked) }
    const said = {
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
      message: 'You have reached your ten_secondly_rolling limit.',
    }
    return { headers, status: 429, body: { status: 'error', correlationId: randomUUID(), ...said } }
  }

  function answer({ method, path, query, json }: Asked): Answered {
    if (/^\/account-info\/(v3|\d{4}-\d\d)\/details$/.test(path))
      return { status: 200, body: { portalId: 123456, accountType: 'STANDARD' } }
    const parts = /^\/crm\/(?:v3\/(\w+)|(\w+)\/\d{4}-\d\d)\/(.*)$/.exec(path)
    const [api, rest = []] = parts ? [parts[1] ?? parts[2], parts[3]!.split('/').map(decodeURIComponent)] : []
    if (api === 'properties' && rest[0] === 'contacts')
      return { status: 200, body: { results: DEFINED.map(name => ({ name, type: 'string' })) } }
    if (api === 'lists') return answerOfLists(method, rest, query, json)
    if (api !== 'objects' || rest[0] !== 'contacts') return wrong(404, 'OBJECT_NOT_FOUND', 'resource not found')
    if (method === 'POST' && rest.join('/') === 'contacts/batch/upsert') return upsert(json)
    const property = query.get('idProperty') ?? 'id'
    if (property !== 'id' && !UNIQUE.includes(property))
      return wrong(400, 'VALIDATION_ERROR', `Property ${property} is not a unique property`)
    const contact = find(property, rest[1] ?? '')
    if (method === 'DELETE' && contact) contact.is_archived = true
    if (method === 'DELETE') return { status: 204 }
    if (!contact) return wrong(404, 'OBJECT_NOT_FOUND', 'resource not found')
    if (method === 'PATCH') return change(contact, json)
    return { status: 200, body: shown(contact, query.get('properties')?.split(',') ?? []) }
  }

  function upsert(json: Asked['json']): Answered {
    const [input] = json?.inputs ?? []
    if (!input || json.inputs.length > 100) return wrong(400, 'VALIDATION_ERROR', 'Invalid input JSON')
    if (!UNIQUE.includes(input.idProperty)) return wrong(400, 'VALIDATION_ERROR', `${input.idProperty} is not a unique property`)
    const there = find(input.idProperty, input.id)
    const properties = { ...input.properties, [input.idProperty]: input.id }
    const problem = judge(properties, there?.id)
    if (problem && multi_status)
      return { status: 207, body: { status: 'COMPLETE', results: [], numErrors: 1, errors: [problem.body] } }
    if (problem) return problem
    const contact = there ?? make()
    Object.assign(contact.properties, clean(properties))
    return { status: 200, body: { status: 'COMPLETE', results: [{ ...shown(contact, Object.keys(properties)), new: !there }] } }
  }

  function change(contact: Contact, json: Asked['json']): Answered {
    if (!json?.properties) return wrong(400, 'VALIDATION_ERROR', 'Invalid input JSON')
    if (Object.keys(json.properties).length === 0)
      return wrong(400, 'VALIDATION_ERROR', 'No properties found to update, please provide at least one.')
    const problem = judge(json.properties, contact.id)
    if (problem) return problem
    Object.assign(contact.properties, clean(json.properties))
    return { status: 200, body: shown(contact, Object.keys(json.properties)) }
  }

  function judge(properties: Properties, id: string | undefined): Answered | undefined {
    for (const [name, value] of Object.entries(properties)) {
      const invalid = (error: string, message: string) => {
        const problem = [{ isValid: false, message, error, name, localizedErrorMessage: message }]
        return wrong(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(problem)}`)
      }
      if (!DEFINED.includes(name)) return invalid('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`)
      if (name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value))
        return invalid('INVALID_EMAIL', `Email address ${value} is invalid`)
      if (CHECKBOXES.includes(name) && !['true', 'false', ''].includes(String(value)))
        return invalid('INVALID_OPTION', `${value} was not one of the allowed options: [true, false]`)
      const other = UNIQUE.includes(name) ? find(name, value) : undefined
      if (other && other.id !== id) return wrong(409, 'CONFLICT', `Contact already exists. Existing ID: ${other.id}`)
    }
    return undefined
  }

  function answerOfLists(method: string, rest: string[], query: URLSearchParams, json: Asked['json']): Answered {
    if (method === 'POST' && rest[0] === 'search') {
      const { offset = 0, count: wanted = 20 } = json ?? {}
      const end = offset + Math.min(wanted, page_size)
      return {
        status: 200,
        body: {
          lists: lists.slice(offset, end),
          hasMore: end < lists.length,
          offset: Math.min(end, lists.length),
          total: lists.length,
        },
      }
    }
    if (rest[0] === 'records') {
      const contact = contacts.get(rest[2]!)
      return {
        status: 200,
        body: {
          results: [...(contact?.lists ?? [])].map(listId => ({ listId, listVersion: 1 })),
          total: contact?.lists.size ?? 0,
        },
      }
    }
    const list = lists.find(one => one.listId === rest[0])
    if (!list) return wrong(404, 'OBJECT_NOT_FOUND', `List does not exist with ID ${rest[0]}.`)
    if (method === 'PUT' && rest.slice(1).join('/') === 'memberships/add') return add(list, json)
    return method === 'GET' && rest[1] === 'memberships'
      ? membersOf(list, query)
      : wrong(404, 'OBJECT_NOT_FOUND', 'resource not found')
  }

  function add(list: List, ids: unknown): Answered {
    if (!Array.isArray(ids)) return wrong(400, 'VALIDATION_ERROR', 'Invalid input JSON')
    if (list.processingType === 'DYNAMIC')
      return wrong(400, 'VALIDATION_ERROR', 'Memberships of a list with processing type DYNAMIC cannot be changed.')
    const there = ids.filter(id => contacts.get(id)?.is_archived === false)
    const added = there.filter(id => !contacts.get(id)!.lists.has(list.listId))
    for (const id of added) contacts.get(id)!.lists.add(list.listId)
    return {
      status: 200,
      body: { recordsIdsAdded: added, recordIdsRemoved: [], recordIdsMissing: ids.filter(id => !there.includes(id)) },
    }
  }

  function membersOf({ listId }: List, query: URLSearchParams): Answered {
    const members = [...contacts.values()]
      .filter(contact => contact.lists.has(listId) && !contact.is_archived)
      .map(({ id }) => id)
    const from = Number(Buffer.from(query.get('after') ?? '', 'base64').toString() || 0)
    const end = from + Math.min(Number(query.get('limit') ?? 100), page_size)
    const results = members.slice(from, end).map(recordId => ({ recordId, membershipTimestamp: '2026-01-31T09:30:00Z' }))
    const paging = { next: { after: Buffer.from(String(end)).toString('base64'), link: '' } }
    return { status: 200, body: { results, total: members.length, ...(end < members.length && { paging }) } }
  }

  function find(property: string, value: string): Contact | undefined {
    const living = [...contacts.values()].filter(contact => !contact.is_archived)
    if (property === 'id') return living.find(({ id }) => id === value)
    const wanted = value.toLowerCase()
    return living.find(({ properties }) => {
      const more = property === 'email' ? (properties.hs_additional_emails ?? '').split(';') : []
      return [properties[property], ...more].some(one => one && one.toLowerCase() === wanted)
    })
  }

  function make(): Contact {
    const contact = { id: String(37_765_128_953 + contacts.size), properties: {}, is_archived: false, lists: new Set<string>() }
    contacts.set(contact.id, contact)
    return contact
  }

  function addList(name: string, processingType: List['processingType'], objectTypeId = '0-1') {
    lists.push({ listId: String(lists.length + 1), name, processingType, objectTypeId })
  }

  function set(id: string, properties: Properties) {
    Object.assign(contacts.get(id)!.properties, properties)
  }

  function people(): StandinPerson[] {
    const nameOf = (id: string) => lists.find(({ listId }) => listId === id)!.name
    return [...contacts.values()].map(({ id, properties, is_archived, lists: joined }) => ({
      id,
      email: properties.email ?? null,
      first_name: properties.firstname ?? null,
      last_name: properties.lastname ?? null,
      our_id: properties.throughline_id ?? null,
      old_id: properties.nationbuilder_id ?? null,
      lists: [...joined].map(nameOf).filter(name => name !== 'Sustainers'),
      sustains: [...joined].map(nameOf).includes('Sustainers'),
      in_review: properties.manual_review_required === 'true',
      is_deleted: is_archived,
    }))
  }

  function put(person: Partial<StandinPerson>): string {
    const contact = make()
    const { email, first_name, last_name, our_id, old_id, in_review } = person
    const told = { email, firstname: first_name, lastname: last_name, throughline_id: our_id, nationbuilder_id: old_id }
    for (const [name, value] of Object.entries(told)) if (value != null) contact.properties[name] = value
    if (in_review) contact.properties.manual_review_required = 'true'
    for (const name of [...(person.lists ?? []), ...(person.sustains ? ['Sustainers'] : [])])
      contact.lists.add(lists.find(list => list.name === name)!.listId)
    contact.is_archived = person.is_deleted ?? false
    return contact.id
  }
}

/** Everything is a text there, and e-mails are in small letters. */
function clean(properties: Record<string, unknown>): Properties {
  const cleaned = Object.entries(properties).map(([name, value]) => [
    name,
    name === 'email' ? String(value).toLowerCase() : String(value),
  ])
  return Object.fromEntries(cleaned)
}

function shown({ id, properties }: Contact, asked: string[]) {
  const values = ['createdate', 'lastmodifieddate', ...asked].map(name => [name, properties[name] ?? null])
  return {
    id,
    properties: Object.fromEntries(values),
    createdAt: '2026-01-31T09:30:00.000Z',
    updatedAt: '2026-01-31T09:30:00.000Z',
    archived: false,
  }
}

function wrong(status: number, category: string, message: string): Answered {
  return { status, body: { status: 'error', message, correlationId: randomUUID(), category } }
}
