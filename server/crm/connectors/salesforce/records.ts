import Type, { type TSchema } from 'typebox'
import { type CrmReply, HttpCrmConnectionManager } from '../../http.ts'
import type { CrmMeans, Token } from '../../provider.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { take, takeNothing } from '../../shape.ts'
import { explain } from './explain.ts'
import { signIn } from './sign-in.ts'

export type Fields = Record<string, unknown>

export const Id = Type.String({ minLength: 15 })
const Described = Type.Object({ fields: Type.Array(Type.Object({ name: Type.String() })) })
const Saved = Type.Object({ id: Id, success: Type.Literal(true) })
const Read = Type.Object({ Id })

/** Records of Salesforce by its REST API: those of the object that the settings name, unless another is. */
export abstract class SalesforceRecords extends HttpCrmConnectionManager {
  protected readonly settings: Record<string, string>
  private readonly data: string

  constructor(means: CrmMeans) {
    super(means)
    this.settings = means.settings
    this.data = `/services/data/v${means.settings.version!.replace(/^v/i, '')}`
  }

  protected signIn() {
    return signIn(this.settings, request => this.knock(request))
  }
  protected addressOf(token: Token) {
    return token.instance_url!
  }
  protected headersOf({ access_token }: Token) {
    return { authorization: `Bearer ${access_token}` }
  }
  protected explain(reply: CrmReply) {
    return explain(reply, this.settings.object!)
  }
  protected override isExpired(reply: CrmReply) {
    return reply.status === 401 || this.explain(reply).code === 'INVALID_SESSION_ID'
  }

  /** Names of the object's fields that our user may see. */
  protected async describe(): Promise<CrmResult<string[]>> {
    const answer = take(Described, await this.ask({ method: 'GET', path: `${this.records()}/describe` }))
    return answer.ok ? found(answer.value.fields.map(({ name }) => name)) : answer
  }

  /** By an external id. Before version 46 an update says nothing, so that the id is asked for. */
  protected async upsert(
    field: string,
    value: string,
    json: Fields,
  ): Promise<CrmResult<{ external_id: string; created: boolean }>> {
    const path = `${this.records()}/${encodeURIComponent(field)}/${encodeURIComponent(value)}`
    const answer = await this.ask({ method: 'PATCH', path, json })
    if (!answer.ok) return answer
    const { status } = answer.value
    if (status !== 204) {
      const saved = take(Saved, answer)
      return saved.ok ? found({ external_id: saved.value.id, created: status === 201 }) : saved
    }
    const read = take(Read, await this.ask({ method: 'GET', path: `${path}?fields=Id` }))
    return read.ok ? found({ external_id: read.value.Id, created: false }) : read
  }

  protected async insert(object: string, json: Fields): Promise<CrmResult<null>> {
    const saved = take(Saved, await this.ask({ method: 'POST', path: this.records(object), json }))
    return saved.ok ? found(null) : saved
  }

  protected async update(id: string, json: Fields): Promise<CrmResult<null>> {
    return takeNothing(await this.ask({ method: 'PATCH', path: this.record(id), json }))
  }

  protected async remove(id: string): Promise<CrmResult<null>> {
    return takeNothing(await this.ask({ method: 'DELETE', path: this.record(id) }))
  }

  protected async read<T extends TSchema>(id: string, shape: T, fields: string[]) {
    return take(shape, await this.ask({ method: 'GET', path: `${this.record(id)}?fields=${fields.join(',')}` }))
  }

  /** A page of what SOQL finds: the first, or the one that another named as its `next`. */
  protected async query<T extends TSchema>(shape: T, soql: string, page: string | null = null) {
    const Page = Type.Object({
      totalSize: Type.Integer(),
      records: Type.Array(shape),
      done: Type.Boolean(),
      nextRecordsUrl: Type.Optional(Type.String({ minLength: 1 })),
    })
    const path = page ?? `${this.data}/query?q=${encodeURIComponent(soql)}`
    const answer = take(Page, await this.ask({ method: 'GET', path }))
    if (!answer.ok) return answer
    const { totalSize, records, done, nextRecordsUrl } = answer.value
    if (!done && !nextRecordsUrl) return failed('unexpected', 'It has more records, and does not say where.')
    return found({ records, next: done ? null : nextRecordsUrl!, total: totalSize })
  }

  private records(object = this.settings.object!) {
    return `${this.data}/sobjects/${encodeURIComponent(object)}`
  }
  private record(id: string) {
    return `${this.records()}/${encodeURIComponent(id)}`
  }
}

/** A text in SOQL. */
export function quote(text: string) {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`
}
