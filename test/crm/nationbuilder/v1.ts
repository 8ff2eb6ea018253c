import type { Answered, Asked } from '../standin.ts'
import { CUSTOM, type Given, type Member, type Nation, WRITABLE, type Wrong } from './nation.ts'

const NOT_FOUND = { status: 404, body: { code: 'not_found', message: 'Record not found' } }

/** /api/v1 as its documentation of 2013 to 2016 tells: flat errors, people below `person`, pages behind `next`. */
export function answerV1(nation: Nation, asked: Asked, most_per_page: number): Answered {
  const { method, path, query, json } = asked
  const [resource, id = '', of] = path.slice('/api/v1/'.length).split('/').map(decodeURIComponent)
  if (resource === 'tags' && of === 'people') return peopleTagged(nation, id, query, most_per_page)
  if (resource === 'tags') return page('/api/v1/tags', nation.tags, query, most_per_page, ({ name }) => ({ name }))
  if (resource !== 'people') return NOT_FOUND
  if (id === 'me') return { status: 200, body: { person: { id: 1, email: 'staff@nation.test', tags: [] }, precinct: null } }
  if (id === 'push' && method === 'PUT') return push(nation, json)
  if (id === 'match') return match(nation, query.get('email') ?? '')
  if (id === 'search') return search(nation, query, most_per_page)
  const member = nation.find(id)
  if (!member) return NOT_FOUND
  if (of === 'taggings' && method === 'PUT') return tagging(nation, member, json)
  if (method === 'GET') return { status: 200, body: { person: shown(nation, member), precinct: null } }
  if (method === 'PUT') return changed(nation, member, json)
  nation.remove(member)
  return { status: 204 }
}

function push(nation: Nation, json: Asked['json']): Answered {
  if (!json?.person) return missing('person')
  const pushed = nation.push(givenIn(json.person))
  if (Array.isArray(pushed)) return invalid(pushed)
  return { status: pushed.created ? 201 : 200, body: { person: shown(nation, pushed.member), precinct: null } }
}

function changed(nation: Nation, member: Member, json: Asked['json']): Answered {
  if (!json?.person) return missing('person')
  const written = nation.change(member, givenIn(json.person))
  return Array.isArray(written) ? invalid(written) : { status: 201, body: { person: shown(nation, written), precinct: null } }
}

/** One name or a list of them; those that there are stay. */
function tagging(nation: Nation, member: Member, json: Asked['json']): Answered {
  if (!json?.tagging?.tag) return missing('tagging')
  for (const name of [json.tagging.tag].flat()) nation.putTag(member.id, nation.makeTag(name).id)
  return { status: 200, body: { taggings: nation.tagsOf(member.id).map(tag => ({ person_id: Number(member.id), tag })) } }
}

function match(nation: Nation, email: string): Answered {
  const [first, second] = nation.byEmail(email)
  if (second) return { status: 400, body: { code: 'multiple_matches', message: 'Multiple people matched the given criteria.' } }
  if (!first) return { status: 400, body: { code: 'no_matches', message: 'No people matched the given criteria.' } }
  return { status: 200, body: { person: shown(nation, first), precinct: null } }
}

function search(nation: Nation, query: URLSearchParams, most_per_page: number): Answered {
  const some = nation
    .living()
    .filter(member =>
      ['external_id', 'salesforce_id'].every(name => !query.has(name) || member[name as 'external_id'] === query.get(name)),
    )
  return page('/api/v1/people/search', some, query, most_per_page, member => shown(nation, member))
}

function peopleTagged(nation: Nation, name: string, query: URLSearchParams, most_per_page: number): Answered {
  const tag = nation.tagNamed(name)
  const members = tag ? nation.tagged(tag.id).map(({ signup_id }) => nation.find(signup_id)!) : []
  const at = `/api/v1/tags/${encodeURIComponent(name)}/people`
  return page(at, members, query, most_per_page, member => shown(nation, member))
}

/** The token says after whom the page begins, so that it does not matter who left before. */
function page<T extends { id: string }>(
  at: string,
  all: T[],
  query: URLSearchParams,
  most_per_page: number,
  show: (one: T) => unknown,
): Answered {
  const limit = Math.min(Number(query.get('limit') ?? 10), 100, most_per_page)
  const after = Number(query.get('__token') ?? 0)
  const rest = all.filter(({ id }) => Number(id) > after).sort((a, b) => Number(a.id) - Number(b.id))
  const results = rest.slice(0, limit)
  const next = rest.length > limit ? `${at}?__nonce=3OUjEzI6iyybc1F3sk6YrQ&__token=${results.at(-1)!.id}` : null
  return { status: 200, body: { results: results.map(show), next, prev: null } }
}

function givenIn(person: Asked['json']): Given {
  const custom = CUSTOM.filter(name => name in person).map(name => [name, person[name]])
  const known = WRITABLE.filter(name => name in person).map(name => [name, person[name]])
  return { ...Object.fromEntries(known), custom_values: Object.fromEntries(custom) }
}

function shown(nation: Nation, { id, is_deleted: _, custom_values, ...member }: Member) {
  return { id: Number(id), ...member, email_opt_in: true, ...custom_values, tags: nation.tagsOf(id) }
}

function missing(parameter: string): Answered {
  return {
    status: 400,
    body: { code: 'missing_parameters', message: 'Missing parameters.', parameters: [parameter], inner_error: {} },
  }
}

function invalid(wrong: Wrong[]): Answered {
  const validation_errors = wrong.map(({ attribute, message }) => `${attribute} ${message}`)
  return { status: 400, body: { code: 'validation_failed', message: 'Validation Failed.', validation_errors } }
}
