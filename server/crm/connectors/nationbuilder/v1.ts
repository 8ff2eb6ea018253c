import Type, { type Static } from 'typebox'
import type { CrmAppUser, CrmSession, SustainerPage } from '../../manager.ts'
import type { Token } from '../../provider.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { take, takeNothing } from '../../shape.ts'
import { NationBuilderConnectionManager, type Person } from './people.ts'

const Member = Type.Object({
  id: Type.Integer(),
  email: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  tags: Type.Optional(Type.Array(Type.String())),
})
const One = Type.Object({ person: Member })
const Page = Type.Object({ results: Type.Array(Member), next: Type.Optional(Type.Union([Type.String(), Type.Null()])) })
const TagPage = Type.Object({
  results: Type.Array(Type.Object({ name: Type.String() })),
  next: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
/** One tag is answered as one, a list as a list. */
const Tagged = Type.Union([Type.Object({ tagging: Type.Object({}) }), Type.Object({ taggings: Type.Array(Type.Object({})) })])

const MOST_TAG_PAGES = 100

/** The API of 2013, "legacy" without a date of its end. Everything is JSON, with the record below `person`. */
export class NationBuilderV1 extends NationBuilderConnectionManager {
  protected async signIn(): Promise<CrmResult<Token>> {
    const { access_token } = this.means.settings
    return access_token ? found({ access_token }) : failed('auth', 'v1 needs an API token. Make one under Settings, Developer.')
  }

  async getConnection(): Promise<CrmResult<CrmSession>> {
    const me = take(One, await this.ask({ method: 'GET', path: '/api/v1/people/me?format=json' }))
    return me.ok ? found({ account: `${new URL(this.addressOf()).host} (v1), as ${me.value.person.email}` }) : me
  }

  /** Without tags: setting them here is deprecated and may replace those that there are (see `tag`). */
  protected async push(person: Person) {
    const answer = await this.ask({ method: 'PUT', path: '/api/v1/people/push?format=json', json: { person } })
    const pushed = take(One, answer)
    return pushed.ok
      ? found({ external_id: String(pushed.value.person.id), created: answer.ok && answer.value.status === 201 })
      : pushed
  }

  protected async tag(external_id: string, tags: string[]): Promise<CrmResult<null>> {
    if (tags.length === 0) return found(null)
    const path = `${personOf(external_id)}/taggings`
    const tagged = take(Tagged, await this.ask({ method: 'PUT', path, json: { tagging: { tag: tags } } }))
    return tagged.ok ? found(null) : tagged
  }

  protected async tagsOf(external_id: string): Promise<CrmResult<string[]>> {
    const one = take(One, await this.ask({ method: 'GET', path: personOf(external_id) }))
    if (!one.ok) return one
    // Without them nobody knows whether the record is worth keeping.
    return one.value.person.tags ? found(one.value.person.tags) : failed('unexpected', 'It answered a person without tags.')
  }

  protected async remove(external_id: string) {
    return takeNothing(await this.ask({ method: 'DELETE', path: personOf(external_id) }))
  }

  async changeUserEmail(external_id: string, email: string): Promise<CrmResult<null>> {
    const changed = take(One, await this.ask({ method: 'PUT', path: personOf(external_id), json: { person: { email } } }))
    return changed.ok ? found(null) : changed
  }

  /** Pages are found by a token that is made of the last person, so that one who loses the tag meanwhile moves nobody. */
  async readSustainers(page: string | null): Promise<CrmResult<SustainerPage>> {
    const { sustainer_tag } = this.means.settings
    if (!sustainer_tag) return failed('validation', 'No tag of sustainers is set in this connection.')
    const path = hundred(page ?? `/api/v1/tags/${encodeURIComponent(sustainer_tag)}/people`)
    const read = take(Page, await this.ask({ method: 'GET', path }))
    if (!read.ok) return read
    const members = read.value.results.map(({ id }) => ({ external_id: String(id), is_sustainer: true }))
    return found({ members, next: read.value.next ?? null })
  }

  protected async tagNames(): Promise<CrmResult<string[]>> {
    const names: string[] = []
    let next: string | null = '/api/v1/tags'
    for (let page = 0; next !== null && page < MOST_TAG_PAGES; page++) {
      const read: CrmResult<Static<typeof TagPage>> = take(TagPage, await this.ask({ method: 'GET', path: hundred(next) }))
      if (!read.ok) return read
      names.push(...read.value.results.map(({ name }) => name))
      next = read.value.next ?? null
    }
    return found(names)
  }

  async findByEmail(email: string): Promise<CrmResult<CrmAppUser>> {
    const path = `/api/v1/people/match?${new URLSearchParams({ email })}`
    const one = take(One, await this.ask({ method: 'GET', path }))
    return one.ok ? found(appUserOf(one.value.person)) : one
  }

  async findByOldId(old_id: string): Promise<CrmResult<CrmAppUser>> {
    const field = this.means.settings.old_id_field
    if (!field) return failed('not_found', 'No field with ids of the CRM before is set in this connection.')
    const path = `/api/v1/people/search?${new URLSearchParams({ [field]: old_id })}`
    const read = take(Page, await this.ask({ method: 'GET', path }))
    if (!read.ok) return read
    const [first, second] = read.value.results
    if (second) return failed('duplicate', `Several people have ${old_id} in ${field}.`, { existing_id: String(first!.id) })
    return first ? found(appUserOf(first)) : failed('not_found', `Nobody has ${old_id} in ${field}.`)
  }

  async getById(external_id: string): Promise<CrmResult<CrmAppUser>> {
    const one = take(One, await this.ask({ method: 'GET', path: personOf(external_id) }))
    return one.ok ? found(appUserOf(one.value.person)) : one
  }
}

function personOf(external_id: string) {
  return `/api/v1/people/${encodeURIComponent(external_id)}`
}

/** What it gives as `next` says nothing of the size of a page. */
function hundred(path: string) {
  return path.includes('limit=') ? path : `${path}${path.includes('?') ? '&' : '?'}limit=100`
}

function appUserOf({ id, email }: Static<typeof Member>): CrmAppUser {
  return { external_id: String(id), email: email ?? null }
}
