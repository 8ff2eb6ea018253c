import Type, { type Static } from 'typebox'
import { mapProperties, readPairs } from '../../fields.ts'
import type { AppUser, CrmAppUser } from '../../manager.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { take } from '../../shape.ts'
import { Id, NamingConnectionManager } from './names.ts'

export const SIZE = 100
/** Of contactLists. The others (unconfirmed, bounced) are its own to change. */
export const ACTIVE = '1'
const UNSUBSCRIBED = '2'
/** Of contactLists: put back on a list that they had left. */
const RESUBSCRIBED = 4

export const Contact = Type.Object({ id: Id, email: Type.Optional(Type.Union([Type.String(), Type.Null()])) })
const One = Type.Object({ contact: Contact })
export const Some = Type.Object({
  contacts: Type.Array(Contact),
  meta: Type.Optional(Type.Object({ total: Type.Optional(Id) })),
})
const Values = Type.Object({ fieldValues: Type.Array(Type.Object({ contact: Id, field: Id, value: Type.Unknown() })) })
export const ListState = Type.Object({ list: Id, status: Id })
const ListStates = Type.Object({ contactLists: Type.Array(ListState) })

type Written = CrmResult<{ external_id: string; created: boolean }>

/** Reads and writes contacts, their fields and their lists. */
export abstract class ContactConnectionManager extends NamingConnectionManager {
  async findByEmail(email: string): Promise<CrmResult<CrmAppUser>> {
    const some = await this.read(Some, 'contacts', { email })
    if (!some.ok) return some
    const [first, second] = some.value.contacts
    if (second) return failed('duplicate', `Several contacts have ${email}.`, { existing_id: String(first!.id) })
    return first ? found(appUserOf(first)) : failed('not_found', `No contact has ${email}.`)
  }

  async getById(external_id: string): Promise<CrmResult<CrmAppUser>> {
    const one = await this.read(One, contactOf(external_id))
    return one.ok ? found(appUserOf(one.value.contact)) : one
  }

  /** The contact that has the value in the field. */
  protected async holderOf(perstag: string, value: string): Promise<CrmResult<string>> {
    const field = await this.fieldNamed(perstag)
    if (!field.ok) return field
    const query = { 'filters[fieldid]': field.value.id, 'filters[val]': value, limit: String(SIZE) }
    const read = await this.read(Values, 'fieldValues', query)
    if (!read.ok) return read
    const same = read.value.fieldValues.filter(one => String(one.field) === field.value.id && one.value === value)
    const [first, second] = new Set(same.map(({ contact }) => String(contact)))
    if (second) return failed('duplicate', `Several contacts have ${value} in ${perstag}.`, { existing_id: first! })
    return first ? found(first) : failed('not_found', `No contact has ${value} in ${perstag}.`)
  }

  protected async put(external_id: string, contact: Record<string, unknown>): Promise<Written> {
    const changed = await this.write(One, 'PUT', contactOf(external_id), { contact })
    if (changed.ok) return found({ external_id, created: false })
    this.forget()
    return changed
  }

  protected async sync(contact: Record<string, unknown>): Promise<Written> {
    const answer = await this.ask({ method: 'POST', path: '/api/3/contact/sync', json: { contact } })
    const synced = take(One, answer)
    if (synced.ok)
      return found({ external_id: String(synced.value.contact.id), created: answer.ok && answer.value.status === 201 })
    this.forget()
    return synced
  }

  protected async valuesOf({
    contact_id,
    language,
    properties,
  }: AppUser): Promise<CrmResult<{ field: string; value: string }[]>> {
    const { id_field, fields } = this.means.settings
    const told = mapProperties(readPairs(fields), { language, ...properties })
    const values: { field: string; value: string }[] = []
    for (const [perstag, value] of [[id_field!, contact_id], ...Object.entries(told)] as [string, unknown][]) {
      const field = await this.fieldNamed(perstag)
      if (!field.ok) return field
      values.push({ field: field.value.id, value: spelled(String(value), field.value.type) })
    }
    return found(values)
  }

  /** Leaves where they are who are there already, and those who left, unless they ask for it `again`. */
  protected async subscribe(external_id: string, lists: string[], again: boolean): Promise<CrmResult<null>> {
    if (lists.length === 0) return found(null)
    const states = await this.read(ListStates, `${contactOf(external_id)}/contactLists`, { limit: String(SIZE) })
    if (!states.ok) return states
    for (const list of lists) {
      const state = states.value.contactLists.find(one => String(one.list) === list)
      const left = state !== undefined && String(state.status) === UNSUBSCRIBED
      if (state !== undefined && !(left && again)) continue
      const contactList = { list, contact: external_id, status: ACTIVE, ...(left && { sourceid: RESUBSCRIBED }) }
      const joined = await this.write(Type.Object({ contactList: Type.Object({}) }), 'POST', 'contactLists', { contactList })
      if (joined.ok) continue
      this.forget()
      return joined
    }
    return found(null)
  }
}

export function contactOf(external_id: string) {
  return `contacts/${encodeURIComponent(external_id)}`
}

function appUserOf({ id, email }: Static<typeof Contact>): CrmAppUser {
  return { external_id: String(id), email: email || null }
}

/** What is not known is left out, so that it takes nothing away over there. */
export function nameOf({ first_name, last_name }: { first_name: string | null; last_name: string | null }) {
  return { ...(first_name && { firstName: first_name }), ...(last_name && { lastName: last_name }) }
}

/** Fields of several choices have their values between double bars. */
function spelled(value: string, type: string | null | undefined) {
  return type === 'checkbox' || type === 'listbox' ? `||${value.split(';').join('||')}||` : value
}
