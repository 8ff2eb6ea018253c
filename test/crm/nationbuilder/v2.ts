import type { Answered, Asked } from '../standin.ts'
import { CUSTOM, type Given, type Member, type Nation, WRITABLE, type Wrong } from './nation.ts'

const NOT_FOUND = { status: 404, body: { code: 'not_found', message: 'Record not found' } }
const FILTERS: Record<string, string[]> = {
  signups: ['id', 'email', 'external_id', 'salesforce_id', 'tag_id'],
  signup_tags: ['id', 'name', 'signup_id'],
  signup_taggings: ['id', 'signup_id', 'tag_id'],
}

/** /api/v2: JSON:API, with flat errors for all but validation. `next` is given even where the next page is empty. */
export function answerV2(nation: Nation, asked: Asked, most_per_page: number): Answered {
  const { method, path, query, json, headers } = asked
  if (!/json|\*\/\*/.test(headers.accept ?? ''))
    return { status: 406, body: { code: 'not_acceptable', message: 'Not acceptable' } }
  const [type = '', id] = path.slice('/api/v2/'.length).split('/').map(decodeURIComponent)
  if (!(type in FILTERS)) return NOT_FOUND
  if (type === 'signups' && id === 'me')
    return { status: 200, body: { data: { id: '1', type, attributes: { email: 'staff@nation.test' } }, meta: {} } }
  if (type === 'signups' && id === 'push' && method === 'PATCH') return push(nation, json)
  if (method === 'GET' && id === undefined) return index(nation, type, query, most_per_page)
  if (type === 'signups' && id !== undefined) return signup(nation, id, asked)
  if (type === 'signup_tags' && method === 'POST') return makeTag(nation, json)
  if (type === 'signup_taggings' && method === 'POST') return makeTagging(nation, json)
  return NOT_FOUND
}

function push(nation: Nation, json: Asked['json']): Answered {
  const given = givenIn(json)
  if (typeof given === 'string') return bad(given)
  const pushed = nation.push(given)
  if (Array.isArray(pushed)) return invalid(pushed)
  return { status: pushed.created ? 201 : 200, body: { data: signupShown(pushed.member), meta: {} } }
}

function signup(nation: Nation, id: string, { method, json }: Asked): Answered {
  const member = nation.find(id)
  if (!member) return NOT_FOUND
  if (method === 'GET') return { status: 200, body: { data: signupShown(member), meta: {} } }
  if (method === 'DELETE') {
    nation.remove(member)
    return { status: 200, body: { meta: {} } }
  }
  const given = json?.data?.id === id ? givenIn(json) : 'The id of the document is not that of the path.'
  if (typeof given === 'string') return bad(given)
  const written = nation.change(member, given)
  return Array.isArray(written) ? invalid(written) : { status: 200, body: { data: signupShown(written), meta: {} } }
}

function makeTag(nation: Nation, json: Asked['json']): Answered {
  const name = json?.data?.attributes?.name
  if (!name) return invalid([{ attribute: 'name', message: "can't be blank", code: 'blank' }])
  if (nation.tagNamed(name)) return invalid([{ attribute: 'name', message: 'has already been taken', code: 'taken' }])
  return { status: 201, body: { data: { id: nation.makeTag(name).id, type: 'signup_tags', attributes: { name } }, meta: {} } }
}

function makeTagging(nation: Nation, json: Asked['json']): Answered {
  const { signup_id, tag_id } = json?.data?.attributes ?? {}
  if (!nation.find(signup_id)) return invalid([{ attribute: 'signup', message: 'must exist', code: 'blank' }])
  if (!nation.tags.some(tag => tag.id === tag_id)) return invalid([{ attribute: 'tag', message: 'must exist', code: 'blank' }])
  const tagging = nation.putTag(signup_id, tag_id)
  if (!tagging) return invalid([{ attribute: 'tag_id', message: 'has already been taken', code: 'taken' }])
  return { status: 201, body: { data: { id: tagging.id, type: 'signup_taggings', attributes: { signup_id, tag_id } }, meta: {} } }
}

function index(nation: Nation, type: string, query: URLSearchParams, most_per_page: number): Answered {
  let all = rowsOf(nation, type)
  for (const [key, value] of query) {
    const name = /^filter\[(\w+)\]$/.exec(key)?.[1]
    if (name === undefined) continue
    if (!FILTERS[type]!.includes(name))
      return bad(`Tried to filter on attribute :${name}, but could not find an attribute with that name.`)
    const wanted = alternatives(value).map(one => one.toLowerCase())
    all = all.filter(row => [row.filters[name]].flat().some(one => one != null && wanted.includes(one.toLowerCase())))
  }
  const size = Math.min(Number(query.get('page[size]') ?? 20), 100, most_per_page)
  const number = Number(query.get('page[number]') ?? 1)
  const data = all.slice((number - 1) * size, number * size).map(({ id, attributes }) => ({ id, type, attributes }))
  const link = (page: number) => `/api/v2/${type}?page%5Bnumber%5D=${page}&page%5Bsize%5D=${size}`
  const links = {
    self: link(number),
    prev: number > 1 ? link(number - 1) : null,
    next: data.length > 0 ? link(number + 1) : null,
  }
  const meta = query.get('stats[total]') === 'count' ? { stats: { total: { count: all.length } } } : {}
  return { status: 200, body: { data, links, meta } }
}

type Row = { id: string; attributes: Record<string, unknown>; filters: Record<string, string | null | string[]> }

/** In the order of their ids. */
function rowsOf(nation: Nation, type: string): Row[] {
  if (type === 'signup_tags')
    return nation.tags.map(({ id, name }) => {
      const signup_id = nation.tagged(id).map(tagging => tagging.signup_id)
      return { id, attributes: { name, taggings_count: signup_id.length }, filters: { id, name, signup_id } }
    })
  if (type === 'signup_taggings')
    return nation.taggings
      .filter(({ signup_id }) => nation.find(signup_id))
      .map(({ id, ...attributes }) => ({ id, attributes, filters: { id, ...attributes } }))
  return nation.living().map(member => {
    const tag_id = nation.taggings.filter(({ signup_id }) => signup_id === member.id).map(tagging => tagging.tag_id)
    const { id, email, external_id, salesforce_id } = member
    return { ...signupShown(member), filters: { id, email, external_id, salesforce_id, tag_id } }
  })
}

/** A comma is an "or", but between double braces. */
function alternatives(value: string): string[] {
  return [...value.matchAll(/\{\{(.*?)\}\}|([^,]+)/g)].map(([, escaped, plain]) => escaped ?? plain!)
}

function givenIn(json: Asked['json']): Given | string {
  if (json?.data?.type !== 'signups') return 'The type of the document is not signups.'
  const { custom_values = {}, ...attributes } = json.data.attributes ?? {}
  const unknown = Object.keys(attributes).find(name => !WRITABLE.includes(name as 'email'))
  if (unknown) return `Tried to write attribute :${unknown}, but could not find an attribute with that name.`
  const stranger = Object.keys(custom_values).find(name => !CUSTOM.includes(name))
  return stranger ? `There is no custom field ${stranger}.` : { ...attributes, custom_values }
}

function signupShown({ id, is_deleted: _, ...attributes }: Member) {
  return { id, type: 'signups', attributes: { ...attributes, email_opt_in: true } }
}

function bad(message: string): Answered {
  return { status: 400, body: { code: 'bad_request', message } }
}

function invalid(wrong: Wrong[]): Answered {
  const errors = wrong.map(({ attribute, message, code }) => ({
    code: 'unprocessable_entity',
    status: '422',
    title: 'Validation Error',
    detail: `${attribute[0]!.toUpperCase()}${attribute.slice(1)} ${message}`,
    source: { pointer: `/data/attributes/${attribute}` },
    meta: { attribute, message, code },
  }))
  return { status: 422, headers: { 'content-type': 'application/vnd.api+json; charset=utf-8' }, body: { errors } }
}
