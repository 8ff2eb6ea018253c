import type { Contact } from '../../../shared/contacts.ts'

type Named = Pick<Contact, 'id'> & Partial<Pick<Contact, 'name' | 'email' | 'phone'>>

/** How a contact is called: by name, or by what is known. */
export function nameOf({ id, name, email, phone }: Named) {
  return name ?? email ?? phone ?? `Contact ${id}`
}

/** Where somebody came from, in a word or two. */
export function sourceOf({ utm_source, referring_domain }: Pick<Contact, 'utm_source' | 'referring_domain'>) {
  return utm_source ?? referring_domain?.replace(/^www\./, '') ?? null
}
