import type { StandinPerson } from '../standin.ts'

export type Contact = { id: string; email: string; firstName: string; lastName: string; is_deleted: boolean; deals: unknown[] }
export type Named = { id: string; name: string }
export type FieldValue = { id: string; contact: string; field: string; value: string }
export type ContactList = { id: string; contact: string; list: string; status: string; sourceid: string }
export type ContactTag = { id: string; contact: string; tag: string }
export type Written = { email?: string; firstName?: string; lastName?: string; fieldValues?: { field: string; value: string }[] }

export const SUSTAINER_TAG = 'Sustainer'
export const REVIEW_TAG = 'Manual review required'

/** The contacts of an account with what hangs on them, all with ids. */
export class Account {
  readonly contacts: Contact[] = []
  readonly lists: Named[] = []
  readonly tags: Named[] = []
  /** By their personalization tags. */
  readonly fields: (Named & { type: string })[] = []
  readonly fieldValues: FieldValue[] = []
  readonly contactLists: ContactList[] = []
  readonly contactTags: ContactTag[] = []
  private last = 0

  constructor() {
    for (const name of ['Newsletter', 'Educators', 'עברית']) this.lists.push({ id: this.id(), name })
    for (const name of ['THROUGHLINE_ID', 'NATIONBUILDER_ID', 'LANGUAGE']) this.fields.push({ id: this.id(), name, type: 'text' })
    this.fields.push({ id: this.id(), name: 'INTERESTS', type: 'checkbox' })
    this.makeTag(SUSTAINER_TAG)
  }

  id() {
    return String(++this.last)
  }

  living() {
    return this.contacts.filter(contact => !contact.is_deleted)
  }

  find(id: string) {
    return this.living().find(contact => contact.id === id)
  }

  byEmail(email: string) {
    return this.living().filter(contact => contact.email.toLowerCase() === email.toLowerCase())
  }

  add(): Contact {
    const contact = { id: this.id(), email: '', firstName: '', lastName: '', is_deleted: false, deals: [] }
    this.contacts.push(contact)
    return contact
  }

  write(contact: Contact, { fieldValues = [], ...rest }: Written) {
    Object.assign(contact, rest)
    for (const { field, value } of fieldValues) this.setField(contact.id, String(field), String(value))
  }

  setField(contact: string, field: string, value: string) {
    const there = this.fieldValues.find(one => one.contact === contact && one.field === field)
    if (there) there.value = value
    else this.fieldValues.push({ id: this.id(), contact, field, value })
  }

  setList(contact: string, list: string, status: string, sourceid = '0'): ContactList {
    const there = this.contactLists.find(one => one.contact === contact && one.list === list)
    if (there) return Object.assign(there, { status, sourceid })
    const made = { id: this.id(), contact, list, status, sourceid }
    this.contactLists.push(made)
    return made
  }

  tagNamed(name: string) {
    return this.tags.find(tag => tag.name.toLowerCase() === name.toLowerCase())
  }

  makeTag(name: string): Named {
    const tag = this.tagNamed(name) ?? { id: this.id(), name }
    if (!this.tags.includes(tag)) this.tags.push(tag)
    return tag
  }

  putTag(contact: string, tag: string): ContactTag {
    const there = this.contactTags.find(one => one.contact === contact && one.tag === tag)
    if (there) return there
    const made = { id: this.id(), contact, tag }
    this.contactTags.push(made)
    return made
  }

  untag(contact: string, name: string) {
    const { id } = this.tagNamed(name)!
    this.contactTags.splice(
      this.contactTags.findIndex(one => one.contact === contact && one.tag === id),
      1,
    )
  }

  put({ lists = [], sustains, in_review, our_id, old_id, ...person }: Partial<StandinPerson>): string {
    const contact = this.add()
    const { email, first_name, last_name, is_deleted = false } = person
    Object.assign(contact, { email: email ?? '', firstName: first_name ?? '', lastName: last_name ?? '', is_deleted })
    if (person.id) contact.id = person.id
    if (our_id) this.setField(contact.id, this.fieldId('THROUGHLINE_ID'), our_id)
    if (old_id) this.setField(contact.id, this.fieldId('NATIONBUILDER_ID'), old_id)
    for (const name of lists) this.setList(contact.id, this.lists.find(list => list.name === name)!.id, '1')
    for (const name of [...(sustains ? [SUSTAINER_TAG] : []), ...(in_review ? [REVIEW_TAG] : [])])
      this.putTag(contact.id, this.makeTag(name).id)
    return contact.id
  }

  fieldId(name: string) {
    return this.fields.find(field => field.name === name)!.id
  }

  people(): StandinPerson[] {
    return this.contacts.map(({ id, email, firstName, lastName, is_deleted }) => {
      const tags = this.contactTags
        .filter(({ contact }) => contact === id)
        .map(({ tag }) => this.tags.find(one => one.id === tag)!.name)
      const lists = this.contactLists
        .filter(({ contact, status }) => contact === id && status === '1')
        .map(({ list }) => this.lists.find(one => one.id === list)!.name)
      const kept = (name: string) =>
        this.fieldValues.find(({ contact, field }) => contact === id && field === this.fieldId(name))?.value ?? null
      return {
        id,
        email: email || null,
        first_name: firstName || null,
        last_name: lastName || null,
        our_id: kept('THROUGHLINE_ID'),
        old_id: kept('NATIONBUILDER_ID'),
        lists,
        sustains: tags.includes(SUSTAINER_TAG),
        in_review: tags.includes(REVIEW_TAG),
        is_deleted,
      }
    })
  }
}
