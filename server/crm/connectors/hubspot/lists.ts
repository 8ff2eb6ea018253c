import Type from 'typebox'
import { type CrmResult, failed, found } from '../../result.ts'
import { take } from '../../shape.ts'
import { HubSpotContacts } from './contacts.ts'

type List = { id: string; name: string; is_static: boolean }

/** The type of objects that contacts are. */
const CONTACTS = '0-1'
const Page = Type.Object({
  lists: Type.Array(
    Type.Object({ listId: Type.String(), name: Type.String(), processingType: Type.String(), objectTypeId: Type.String() }),
  ),
  hasMore: Type.Boolean(),
  offset: Type.Integer(),
})
const Joined = Type.Object({ recordIdsMissing: Type.Optional(Type.Array(Type.String())) })
const Next = Type.Optional(Type.Object({ next: Type.Optional(Type.Object({ after: Type.String({ minLength: 1 }) })) }))
const Members = Type.Object({
  results: Type.Array(Type.Object({ recordId: Type.String({ minLength: 1 }) })),
  paging: Next,
  total: Type.Optional(Type.Integer()),
})
const Memberships = Type.Object({ results: Type.Array(Type.Object({ listId: Type.String() })), paging: Next })

/** Lists of HubSpot, which people call by name and its API by number. Only static ones can be joined; active ones fill themselves. */
export abstract class HubSpotLists extends HubSpotContacts {
  private known: List[] | undefined

  protected async readLists(): Promise<CrmResult<List[]>> {
    const lists: List[] = []
    for (let offset = 0, more = true; more; ) {
      const json = { query: '', offset, count: 500 }
      const answer = take(Page, await this.ask({ method: 'POST', path: this.pathOf('lists', 'search'), json }))
      if (!answer.ok) return answer
      for (const { listId: id, name, processingType, objectTypeId } of answer.value.lists)
        if (objectTypeId === CONTACTS) lists.push({ id, name, is_static: processingType !== 'DYNAMIC' })
      more = answer.value.hasMore
      if (more && answer.value.offset <= offset) return failed('unexpected', 'It has more lists, and does not say where.')
      offset = answer.value.offset
    }
    this.known = lists
    return found(lists)
  }

  /** By name or id. What was read before is read again when the list is not among it. */
  protected async listOf(name: string, among: 'static' | 'all'): Promise<CrmResult<List>> {
    const isIt = (list: List) => (list.name === name || list.id === name) && (list.is_static || among === 'all')
    const remembered = this.known?.find(isIt)
    if (remembered) return found(remembered)
    const lists = await this.readLists()
    if (!lists.ok) return lists
    const list = lists.value.find(isIt)
    return list
      ? found(list)
      : failed('validation', `HubSpot has no ${among === 'static' ? 'static ' : ''}list of contacts named "${name}".`)
  }

  protected async join(names: string[], contact_id: string): Promise<CrmResult<null>> {
    for (const name of names) {
      const list = await this.listOf(name, 'static')
      if (!list.ok) return list
      const path = this.pathOf('lists', `${encodeURIComponent(list.value.id)}/memberships/add`)
      const joined = take(Joined, await this.ask({ method: 'PUT', path, json: [contact_id] }))
      if (!joined.ok) {
        this.known = undefined // the list may be another one by now
        return joined
      }
      if (joined.value.recordIdsMissing?.length)
        return failed('not_found', `HubSpot has no contact ${contact_id} to put on the list "${name}".`)
    }
    return found(null)
  }

  protected async readMembers(list_id: string, after: string | null) {
    const asked = new URLSearchParams({ limit: '250', ...(after !== null && { after }) })
    const path = `${this.pathOf('lists', `${encodeURIComponent(list_id)}/memberships`)}?${asked}`
    return take(Members, await this.ask({ method: 'GET', path }))
  }

  /** Also who is on so many lists that they are on several pages. */
  protected async mayBeOn(list_id: string, contact_id: string): Promise<CrmResult<boolean>> {
    const path = this.pathOf('lists', `records/${CONTACTS}/${encodeURIComponent(contact_id)}/memberships`)
    const answer = take(Memberships, await this.ask({ method: 'GET', path }))
    if (!answer.ok) return answer
    const { results, paging } = answer.value
    return found(paging?.next !== undefined || results.some(({ listId }) => listId === list_id))
  }
}
