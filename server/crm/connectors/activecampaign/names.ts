import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { type CrmReply, HttpCrmConnectionManager } from '../../http.ts'
import type { Token } from '../../provider.ts'
import { type CrmErrorKind, type CrmResult, failed, found } from '../../result.ts'
import { take } from '../../shape.ts'

const SIZE = 100
const MOST_PAGES = 50

/** Texts in most of its answers, numbers in some. */
export const Id = Type.Union([Type.String({ minLength: 1 }), Type.Integer()])
const List = Type.Object({ id: Id, name: Type.String() })
const Field = Type.Object({ id: Id, perstag: Type.String(), type: Type.Optional(Type.Union([Type.String(), Type.Null()])) })
const Tag = Type.Object({ id: Id, tag: Type.String() })

type Named = { id: string; name: string; type?: string | null | undefined }

/** How it is spoken to, and what is called by a name here and by an id there: lists, tags and fields. Ids are remembered. */
export abstract class NamingConnectionManager extends HttpCrmConnectionManager {
  private readonly known = { lists: new Map<string, Named>(), fields: new Map<string, Named>(), tags: new Map<string, Named>() }

  protected async signIn(): Promise<CrmResult<Token>> {
    return found({ access_token: this.means.settings.api_token! })
  }

  /** As somebody copied it, which may be with the version. */
  protected addressOf() {
    return this.means.settings.url!.replace(/\/+$/, '').replace(/\/api\/3$/, '')
  }

  protected headersOf({ access_token }: Token): Record<string, string> {
    return { 'api-token': access_token }
  }

  protected read<T extends TSchema>(shape: T, path: string, query: Record<string, string> = {}): Promise<CrmResult<Static<T>>> {
    const search = new URLSearchParams(query).toString()
    return this.ask({ method: 'GET', path: `/api/3/${path}${search && `?${search}`}` }).then(answer => take(shape, answer))
  }

  protected write<T extends TSchema>(
    shape: T,
    method: 'POST' | 'PUT',
    path: string,
    json: unknown,
  ): Promise<CrmResult<Static<T>>> {
    return this.ask({ method, path: `/api/3/${path}`, json }).then(answer => take(shape, answer))
  }

  /** Their ids, in the order of the names. */
  protected async listsNamed(names: string[]): Promise<CrmResult<string[]>> {
    const ids: string[] = []
    for (const name of names) {
      const id = await this.listNamed(name)
      if (!id.ok) return id
      ids.push(id.value)
    }
    return found(ids)
  }

  protected async listNamed(name: string): Promise<CrmResult<string>> {
    const list = await this.named('lists', name)
    return list.ok ? found(list.value.id) : list
  }

  protected async listNames(): Promise<CrmResult<string[]>> {
    const lists = await this.readLists()
    return lists.ok ? found(lists.value.map(({ name }) => name)) : lists
  }

  /** By its personalization tag, as it stands in its list or between percent signs. */
  protected fieldNamed(perstag: string): Promise<CrmResult<Named>> {
    return this.named('fields', perstag.replaceAll('%', ''))
  }

  /** Null when there is none. */
  protected async tagNamed(name: string): Promise<CrmResult<string | null>> {
    const known = this.known.tags.get(name.toLowerCase())
    if (known) return found(known.id)
    const some = await this.read(Type.Object({ tags: Type.Array(Tag) }), 'tags', {
      search: name,
      'orders[search]': 'weight', // the same name first
      limit: String(SIZE),
    })
    if (!some.ok) return some
    const there = some.value.tags.find(({ tag }) => tag.toLowerCase() === name.toLowerCase())
    return found(there ? this.remember('tags', { id: String(there.id), name }).id : null)
  }

  protected async makeTag(name: string): Promise<CrmResult<string>> {
    const there = await this.tagNamed(name)
    if (!there.ok) return there
    if (there.value !== null) return found(there.value)
    const tag = { tag: name, tagType: 'contact', description: '' }
    const made = await this.write(Type.Object({ tag: Type.Object({ id: Id }) }), 'POST', 'tags', { tag })
    if (made.ok) return found(this.remember('tags', { id: String(made.value.tag.id), name }).id)
    const meanwhile = await this.tagNamed(name) // somebody else was faster
    return meanwhile.ok && meanwhile.value !== null ? found(meanwhile.value) : made
  }

  /** What is remembered may have been deleted over there. */
  protected forget() {
    for (const known of Object.values(this.known)) known.clear()
  }

  /** Reads them all again for a name that is not known. */
  private async named(kind: 'lists' | 'fields', name: string): Promise<CrmResult<Named>> {
    const known = this.known[kind].get(name.toLowerCase())
    if (known) return found(known)
    const all = await (kind === 'lists' ? this.readLists() : this.readFields())
    if (!all.ok) return all
    for (const one of all.value) this.remember(kind, one)
    const there = this.known[kind].get(name.toLowerCase())
    if (there) return found(there)
    const what = kind === 'lists' ? `list called ${name}` : `contact field with the personalization tag ${name}`
    return failed('validation', `There is no ${what} in this account. Make one there, or change the name here.`)
  }

  private remember(kind: 'lists' | 'fields' | 'tags', one: Named): Named {
    this.known[kind].set(one.name.toLowerCase(), one)
    return one
  }

  private async readLists(): Promise<CrmResult<Named[]>> {
    return this.readPages('lists', Type.Object({ lists: Type.Array(List) }), ({ lists }) =>
      lists.map(({ id, name }) => ({ id: String(id), name })),
    )
  }

  private async readFields(): Promise<CrmResult<Named[]>> {
    return this.readPages('fields', Type.Object({ fields: Type.Array(Field) }), ({ fields }) =>
      fields.map(({ id, perstag, type }) => ({ id: String(id), name: perstag, type })),
    )
  }

  private async readPages<T extends TSchema>(
    path: string,
    shape: T,
    take: (page: Static<T>) => Named[],
  ): Promise<CrmResult<Named[]>> {
    const all: Named[] = []
    for (let page = 0; page < MOST_PAGES; page++) {
      const read = await this.read(shape, path, { limit: String(SIZE), offset: String(all.length) })
      if (!read.ok) return read
      const some = take(read.value)
      if (some.length === 0) break
      all.push(...some)
    }
    return found(all)
  }

  /** There is no common shape of errors: a list of them, a message, or words in HTML. A 403 may mean that something is not there. */
  protected explain({ body }: CrmReply) {
    if (!Value.Check(SAID, body)) return {}
    const errors = body.errors ?? []
    const details = errors.map(({ title, detail, error }) => [title, detail, error].filter(Boolean).join(': '))
    const message = [body.message ?? body.error, ...details].filter(Boolean).join(' ')
    const code = errors[0]?.code
    const kind: CrmErrorKind | undefined = message.startsWith('No Result found')
      ? 'not_found'
      : code === 'duplicate'
        ? 'duplicate'
        : undefined
    return { ...(message && { message }), ...(code && { code }), ...(kind && { kind }) }
  }
}

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const SAID = Type.Object({
  message: Text,
  error: Text,
  errors: Type.Optional(Type.Array(Type.Object({ title: Text, detail: Text, error: Text, code: Type.Optional(Type.String()) }))),
})
