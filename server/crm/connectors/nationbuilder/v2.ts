import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { CrmAppUser, CrmSession, SustainerPage } from '../../manager.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { take } from '../../shape.ts'
import { escaped, JsonApiConnectionManager, SIZE } from './json-api.ts'
import type { Person } from './people.ts'

const Email = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const Signup = Type.Object({ id: Type.String(), attributes: Type.Object({ email: Email }) })
const One = Type.Object({ data: Signup })
const Some = Type.Object({ data: Type.Array(Signup) })
const Removed = Type.Object({ meta: Type.Object({}) })
const Taggings = Type.Object({
  data: Type.Array(Type.Object({ attributes: Type.Object({ signup_id: Type.String() }) })),
  meta: Type.Optional(Type.Unknown()),
})
const Counted = Type.Object({ stats: Type.Object({ total: Type.Object({ count: Type.Integer() }) }) })

/** The API of today. A member is a signup. */
export class NationBuilderV2 extends JsonApiConnectionManager {
  async getConnection(): Promise<CrmResult<CrmSession>> {
    const me = take(One, await this.ask({ method: 'GET', path: '/api/v2/signups/me' }))
    return me.ok ? found({ account: `${new URL(this.addressOf()).host} (v2), as ${me.value.data.attributes.email}` }) : me
  }

  protected async push(person: Person) {
    const json = { data: { type: 'signups', attributes: nested(person) } }
    const answer = await this.ask({ method: 'PATCH', path: '/api/v2/signups/push', json })
    const pushed = take(One, answer)
    return pushed.ok ? found({ external_id: pushed.value.data.id, created: answer.ok && answer.value.status === 201 }) : pushed
  }

  /** Asks for the signup first: an index that is filtered by one that is gone is merely empty. */
  protected async tagsOf(external_id: string): Promise<CrmResult<string[]>> {
    const there = await this.getById(external_id)
    return there.ok ? this.tagNames({ 'filter[signup_id]': external_id }) : there
  }

  protected async remove(external_id: string) {
    return take(Removed, await this.ask({ method: 'DELETE', path: signupOf(external_id) }))
  }

  async changeUserEmail(external_id: string, email: string): Promise<CrmResult<null>> {
    const json = { data: { id: external_id, type: 'signups', attributes: { email } } }
    const changed = take(One, await this.ask({ method: 'PATCH', path: signupOf(external_id), json }))
    return changed.ok ? found(null) : changed
  }

  /**
   * Pages have numbers, so whoever loses the tag meanwhile moves all behind them forward, past the page that is read next. Each page
   * says how many there are: when they became fewer, it goes back as far as they moved. The page is its number and that count.
   */
  async readSustainers(page: string | null): Promise<CrmResult<SustainerPage>> {
    const { sustainer_tag } = this.means.settings
    if (!sustainer_tag) return failed('validation', 'No tag of sustainers is set in this connection.')
    const tag = await this.tagId(sustainer_tag, false)
    if (!tag.ok) return tag
    const [number = 1, before = 0] = page?.split(' of ').map(Number) ?? []
    const query = { 'filter[tag_id]': tag.value, 'stats[total]': 'count', sort: 'id' }
    const paging = { 'page[size]': String(SIZE), 'page[number]': String(number) }
    const read = take(Taggings, await this.index('signup_taggings', { ...query, ...paging }))
    if (!read.ok) return read
    const { data, meta } = read.value
    const total = Value.Check(Counted, meta) ? meta.stats.total.count : before
    const back = Math.ceil(Math.max(0, before - total) / SIZE)
    const members = data.map(({ attributes }) => ({ external_id: attributes.signup_id, is_sustainer: true }))
    const next = back > 0 && number > 1 ? Math.max(1, number - back) : data.length > 0 ? number + 1 : null
    return found({ members, next: next === null ? null : `${next} of ${total}`, total: meta === undefined ? undefined : total })
  }

  findByEmail(email: string): Promise<CrmResult<CrmAppUser>> {
    return this.findOne('email', email)
  }

  async findByOldId(old_id: string): Promise<CrmResult<CrmAppUser>> {
    const field = this.means.settings.old_id_field
    return field
      ? this.findOne(field, old_id)
      : failed('not_found', 'No field with ids of the CRM before is set in this connection.')
  }

  async getById(external_id: string): Promise<CrmResult<CrmAppUser>> {
    const one = take(One, await this.ask({ method: 'GET', path: `${signupOf(external_id)}?fields%5Bsignups%5D=email` }))
    return one.ok ? found(appUserOf(one.value.data)) : one
  }

  private async findOne(field: string, value: string): Promise<CrmResult<CrmAppUser>> {
    const some = take(Some, await this.index('signups', { [`filter[${field}]`]: escaped(value), 'fields[signups]': 'email' }))
    if (!some.ok) return some
    const [first, second] = some.value.data
    if (second) return failed('duplicate', `Several people have ${value} as ${field}.`, { existing_id: first!.id })
    return first ? found(appUserOf(first)) : failed('not_found', `Nobody has ${value} as ${field}.`)
  }
}

function signupOf(external_id: string) {
  return `/api/v2/signups/${encodeURIComponent(external_id)}`
}

function appUserOf({ id, attributes }: Static<typeof Signup>): CrmAppUser {
  return { external_id: id, email: attributes.email ?? null }
}

/** `custom_values.plan` stands in an object of its own. */
function nested(person: Person): Record<string, unknown> {
  const custom_values: Record<string, unknown> = {}
  const attributes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(person)) {
    if (name.startsWith('custom_values.')) custom_values[name.slice('custom_values.'.length)] = value
    else attributes[name] = value
  }
  return { ...attributes, ...(Object.keys(custom_values).length > 0 && { custom_values }) }
}
