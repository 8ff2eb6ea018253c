import Type from 'typebox'
import { type CrmReply, HttpCrmConnectionManager } from '../../http.ts'
import type { CrmMeans, Token } from '../../provider.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { take, takeNothing } from '../../shape.ts'
import { explain } from './explain.ts'

export type Properties = Record<string, string>

const Contact = {
  id: Type.String({ minLength: 1 }),
  properties: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
}
const Read = Type.Object(Contact)
const Upserted = Type.Object({
  results: Type.Array(Type.Object({ ...Contact, new: Type.Boolean() })),
  errors: Type.Optional(Type.Array(Type.Unknown())),
})
const Defined = Type.Object({ results: Type.Array(Type.Object({ name: Type.String() })) })
const Account = Type.Object({ portalId: Type.Integer() })

/**
 * Contacts of HubSpot by its API, one at a time, by id or by a property with unique values. Its search is not used: what was written a
 * moment ago is not found there.
 */
export abstract class HubSpotContacts extends HttpCrmConnectionManager {
  protected readonly settings: Record<string, string>
  private readonly url: string

  constructor(means: CrmMeans) {
    super(means)
    this.settings = means.settings
    this.url = means.settings.url!.replace(/\/+$/, '')
  }

  /** There is nothing to ask for: the token was made over there, and is good until somebody takes it back. */
  protected async signIn(): Promise<CrmResult<Token>> {
    const { token } = this.settings
    return token ? found({ access_token: token }) : failed('auth', 'The access token is not set.')
  }
  protected addressOf() {
    return this.url
  }
  protected headersOf({ access_token }: Token) {
    return { authorization: `Bearer ${access_token}` }
  }
  protected explain(reply: CrmReply) {
    return explain(reply)
  }
  protected override requestIdOf(headers: Record<string, string>) {
    return headers['x-hubspot-correlation-id']
  }

  /** `/crm/v3/objects/...`, or `/crm/objects/2026-03/...` of a dated version. */
  protected pathOf(api: 'objects' | 'lists' | 'properties', rest: string) {
    const { version } = this.settings
    return version!.startsWith('v') ? `/crm/${version}/${api}/${rest}` : `/crm/${api}/${version}/${rest}`
  }

  protected async account(): Promise<CrmResult<number>> {
    const path = `/account-info/${this.settings.version}/details`
    const answer = take(Account, await this.ask({ method: 'GET', path }))
    return answer.ok ? found(answer.value.portalId) : answer
  }

  /** Names of the properties that contacts have. */
  protected async describe(): Promise<CrmResult<string[]>> {
    const answer = take(Defined, await this.ask({ method: 'GET', path: this.pathOf('properties', 'contacts') }))
    return answer.ok ? found(answer.value.results.map(({ name }) => name)) : answer
  }

  protected async read(key: string, properties: string[], id_property?: string) {
    const asked = new URLSearchParams({ properties: properties.join(','), ...(id_property && { idProperty: id_property }) })
    return take(Read, await this.ask({ method: 'GET', path: `${this.contact(key)}?${asked}` }))
  }

  /** An update of nothing is refused by HubSpot: then it is only looked whether the contact is there. */
  protected async update(key: string, properties: Properties, id_property?: string) {
    if (Object.keys(properties).length === 0) return this.read(key, ['email'], id_property)
    const asked = id_property ? `?${new URLSearchParams({ idProperty: id_property })}` : ''
    return take(Read, await this.ask({ method: 'PATCH', path: this.contact(key) + asked, json: { properties } }))
  }

  /** A batch of one: what it says of the batch with 207 is said of the contact. */
  protected async upsert(
    id_property: string,
    id: string,
    properties: Properties,
  ): Promise<CrmResult<{ external_id: string; created: boolean }>> {
    const json = { inputs: [{ idProperty: id_property, id, properties }] }
    const reply = await this.ask({ method: 'POST', path: this.pathOf('objects', 'contacts/batch/upsert'), json })
    if (!reply.ok) return reply
    const answer = take(Upserted, reply)
    if (!answer.ok) return answer
    const [contact] = answer.value.results
    if (contact) return found({ external_id: contact.id, created: contact.new })
    const [wrong] = answer.value.errors ?? []
    if (wrong) return { ok: false, error: this.errorOf({ ...reply.value, body: wrong }) }
    return failed('unexpected', 'It answered neither with the contact nor with what is wrong.')
  }

  /** Into the recycling bin, from which a person can take it back for 90 days. */
  protected async remove(id: string): Promise<CrmResult<null>> {
    return takeNothing(await this.ask({ method: 'DELETE', path: this.contact(id) }))
  }

  private contact(key: string) {
    return this.pathOf('objects', `contacts/${encodeURIComponent(key)}`)
  }
}
