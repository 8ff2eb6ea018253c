import Type from 'typebox'
import type { Token } from '../../provider.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { take } from '../../shape.ts'
import { NationBuilderConnectionManager } from './people.ts'

export const SIZE = 100
const MOST_PAGES = 100
const JSON_API = 'application/vnd.api+json'

const Tag = Type.Object({ id: Type.String(), attributes: Type.Object({ name: Type.String() }) })
const Tags = Type.Object({ data: Type.Array(Tag) })
const Tagged = Type.Object({ data: Type.Object({ id: Type.String() }) })
const Tokens = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  refresh_token: Type.Optional(Type.String()),
  expires_in: Type.Optional(Type.Number()),
})

/** What v2 does otherwise than v1: tokens that run out, JSON:API, and tags that are records of their own. */
export abstract class JsonApiConnectionManager extends NationBuilderConnectionManager {
  /** By name, in lower case: names are the same whatever their case. */
  private readonly tags = new Map<string, string>()

  /** A refresh token is good for one use: the new one comes with the token that it buys, and is kept with it. */
  protected async signIn(last: Token | null): Promise<CrmResult<Token>> {
    const { access_token, client_id, client_secret, refresh_token } = this.means.settings
    if (!client_id || !client_secret || !refresh_token) {
      const help = 'v2 needs the client id, the client secret and a refresh token of an app, or an API token to try it.'
      return access_token ? found({ access_token }) : failed('auth', help)
    }
    const form = {
      grant_type: 'refresh_token',
      refresh_token: last?.refresh_token ?? refresh_token,
      client_id,
      client_secret,
    }
    const answer = take(Tokens, await this.knock({ method: 'POST', path: `${this.addressOf()}/oauth/token`, form }))
    if (!answer.ok) return answer
    const { expires_in, ...token } = answer.value
    const seconds = expires_in ?? 86_400
    return found({ ...token, expires_at: new Date(Date.now() + seconds * 1000).toISOString() })
  }

  protected override headersOf(token: Token) {
    return { ...super.headersOf(token), accept: JSON_API, 'content-type': JSON_API }
  }

  protected async tag(external_id: string, names: string[]): Promise<CrmResult<null>> {
    for (const name of names) {
      const tag = await this.tagId(name, true)
      if (!tag.ok) return tag
      const json = { data: { type: 'signup_taggings', attributes: { signup_id: external_id, tag_id: tag.value } } }
      const tagged = take(Tagged, await this.ask({ method: 'POST', path: '/api/v2/signup_taggings', json }))
      if (tagged.ok || tagged.error.kind === 'duplicate') continue
      this.tags.delete(name.toLowerCase()) // it may have been deleted over there
      return tagged
    }
    return found(null)
  }

  /** Its id by its name; `not_found`, unless it is to be made. */
  protected async tagId(name: string, is_made: boolean): Promise<CrmResult<string>> {
    const known = this.tags.get(name.toLowerCase())
    if (known !== undefined) return found(known)
    const some = take(Tags, await this.index('signup_tags', { 'filter[name]': escaped(name) }))
    if (!some.ok) return some
    const there = some.value.data.find(({ attributes }) => attributes.name.toLowerCase() === name.toLowerCase())
    if (there) return this.remember(name, there.id)
    if (!is_made) return failed('not_found', `There is no tag ${name} in this nation.`)
    const json = { data: { type: 'signup_tags', attributes: { name } } }
    const made = take(Type.Object({ data: Tag }), await this.ask({ method: 'POST', path: '/api/v2/signup_tags', json }))
    if (made.ok) return this.remember(name, made.value.data.id)
    if (made.error.kind !== 'duplicate') return made
    const meanwhile = await this.tagId(name, false) // somebody else was faster
    return meanwhile.ok ? meanwhile : made
  }

  private remember(name: string, id: string): CrmResult<string> {
    this.tags.set(name.toLowerCase(), id)
    return found(id)
  }

  /** The last page is the empty one: each before it may be short, and has a `next`. */
  protected async tagNames(filter: Record<string, string> = {}): Promise<CrmResult<string[]>> {
    const names: string[] = []
    for (let page = 1; page <= MOST_PAGES; page++) {
      const query = { ...filter, sort: 'id', 'page[size]': String(SIZE), 'page[number]': String(page) }
      const read = take(Tags, await this.index('signup_tags', query))
      if (!read.ok) return read
      if (read.value.data.length === 0) return found(names)
      names.push(...read.value.data.map(({ attributes }) => attributes.name))
    }
    return found(names)
  }

  protected index(type: string, query: Record<string, string>) {
    return this.ask({ method: 'GET', path: `/api/v2/${type}?${new URLSearchParams(query)}` })
  }
}

/** In a filter a comma is an "or". */
export function escaped(value: string) {
  return value.includes(',') ? `{{${value}}}` : value
}
