import Type, { type Static } from 'typebox'
import { readLines, readPairs } from '../../fields.ts'
import type { AppUser, CrmAppUser, CrmSession, SustainerPage } from '../../manager.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { treatAsSpam } from '../spam.ts'
import { ACTIVE, Contact, ContactConnectionManager, contactOf, ListState, nameOf, SIZE, Some } from './contacts.ts'
import { Id } from './names.ts'

const Whole = Type.Object({
  contact: Contact,
  deals: Type.Optional(Type.Array(Type.Unknown())),
  contactLists: Type.Optional(Type.Array(ListState)),
})
/** What it gives of the tags of a contact at once, whatever is asked for. */
const TAGS_ON_A_PAGE = 20

/** The member is a contact. Contacts are one for an e-mail; which one is a member's says a field that has our contact id. */
export class ActiveCampaignConnectionManager extends ContactConnectionManager {
  /** Looks also whether there are the fields of the settings. */
  async getConnection(): Promise<CrmResult<CrmSession>> {
    const me = await this.read(Type.Object({ user: Type.Object({ username: Type.String() }) }), 'users/me')
    if (!me.ok) return me
    const { id_field, old_id_field, fields } = this.means.settings
    for (const perstag of [id_field!, old_id_field, ...readPairs(fields).map(([, to]) => to)]) {
      const field = perstag ? await this.fieldNamed(perstag) : found(null)
      if (!field.ok) return field
    }
    return found({ account: `${new URL(this.addressOf()).host}, as ${me.value.user.username}` })
  }

  /** By our id, wherever the e-mail went; otherwise by the e-mail. Nothing is written while a list or field has no such name. */
  async addUser(user: AppUser) {
    const lists = await this.listsNamed(user.lists)
    if (!lists.ok) return lists
    const fieldValues = await this.valuesOf(user)
    if (!fieldValues.ok) return fieldValues
    const holder = await this.holderOf(this.means.settings.id_field!, String(user.contact_id))
    if (!holder.ok && holder.error.kind !== 'not_found') return holder
    const contact = { ...nameOf(user), email: user.email, fieldValues: fieldValues.value }
    let written = holder.ok ? await this.put(holder.value, contact) : await this.sync(contact)
    // The value of a field may outlive its contact.
    if (holder.ok && !written.ok && written.error.kind === 'not_found') written = await this.sync(contact)
    if (!written.ok) return written
    const subscribed = await this.subscribe(written.value.external_id, lists.value, false)
    return subscribed.ok ? written : subscribed
  }

  async changeUserEmail(external_id: string, email: string): Promise<CrmResult<null>> {
    const changed = await this.put(external_id, { email })
    return changed.ok ? found(null) : changed
  }

  /** In the order of ids, each page after the last id of the one before, so that who stops meanwhile moves nobody. */
  async readSustainers(page: string | null): Promise<CrmResult<SustainerPage>> {
    const filter = await this.sustainers()
    if (!filter.ok) return filter
    const paging = { 'orders[id]': 'ASC', limit: String(SIZE), ...(page !== null && { id_greater: page }) }
    const read = await this.read(Some, 'contacts', { ...filter.value, ...paging })
    if (!read.ok) return read
    const { contacts, meta } = read.value
    const members = contacts.map(({ id }) => ({ external_id: String(id), is_sustainer: true }))
    const last = members.at(-1)?.external_id ?? null
    const left = Number(meta?.total ?? Number.POSITIVE_INFINITY)
    if (last === null && left > 0 && left < Number.POSITIVE_INFINITY)
      return failed('unexpected', `It said that there are ${left} more, and gave none of them.`)
    return found({ members, next: members.length < left ? last : null })
  }

  /** Who is there keeps the name that they have. Asking for a list counts more than having left it once. */
  async addEmailToMailingLists(
    email: string,
    lists: string[],
    who: { first_name: string | null; last_name: string | null } = { first_name: null, last_name: null },
  ): Promise<CrmResult<null>> {
    const ids = await this.listsNamed(lists)
    if (!ids.ok) return ids
    const there = await this.findByEmail(email)
    const contact = there.ok || there.error.kind !== 'not_found' ? there : await this.sync({ ...nameOf(who), email })
    return contact.ok ? this.subscribe(contact.value.external_id, ids.value, true) : contact
  }

  /** A contact with a deal, or with any tag that is not junk, is worth keeping. */
  markAsSpam(external_id: string, policy: 'review' | 'delete'): Promise<CrmResult<{ deleted: boolean }>> {
    return treatAsSpam(policy, {
      removeJunk: () => this.removeJunk(external_id),
      mark: () => this.markForReview(external_id),
    })
  }

  async markForReview(external_id: string): Promise<CrmResult<null>> {
    const tag = await this.makeTag(this.means.settings.review_tag!)
    if (!tag.ok) return tag
    const Tagged = Type.Object({ contactTag: Type.Object({}) })
    const marked = await this.write(Tagged, 'POST', 'contactTags', { contactTag: { contact: external_id, tag: tag.value } })
    if (marked.ok) return found(null)
    this.forget()
    return marked
  }

  getAvailableLists(): Promise<CrmResult<string[]>> {
    return this.listNames()
  }

  async findByOldId(old_id: string): Promise<CrmResult<CrmAppUser>> {
    const field = this.means.settings.old_id_field
    if (!field) return failed('not_found', 'No field with ids of the CRM before is set in this connection.')
    const holder = await this.holderOf(field, old_id)
    return holder.ok ? this.getById(holder.value) : holder
  }

  keepsOldIds() {
    return Boolean(this.means.settings.old_id_field)
  }

  private async sustainers(): Promise<CrmResult<Record<string, string>>> {
    const { sustainer_tag, sustainer_list } = this.means.settings
    if (sustainer_tag) {
      const tag = await this.tagNamed(sustainer_tag)
      if (!tag.ok) return tag
      return tag.value === null
        ? failed('validation', `There is no tag ${sustainer_tag} in this account.`)
        : found({ tagid: tag.value })
    }
    if (!sustainer_list) return failed('validation', 'Neither a tag nor a list of sustainers is set in this connection.')
    const list = await this.listNamed(sustainer_list)
    return list.ok ? found({ listid: list.value, status: ACTIVE }) : list
  }

  private async removeJunk(external_id: string): Promise<CrmResult<{ deleted: boolean }>> {
    const whole = await this.read(Whole, contactOf(external_id))
    if (!whole.ok) return whole
    const sustains = await this.isOnListOfSustainers(whole.value)
    if (!sustains.ok) return sustains
    const junk = await this.junkTags()
    if (!junk.ok) return junk
    const Tags = Type.Object({ contactTags: Type.Array(Type.Object({ tag: Id })) })
    const tags = await this.read(Tags, `${contactOf(external_id)}/contactTags`)
    if (!tags.ok) return tags
    const { contactTags } = tags.value
    const is_junk = contactTags.length < TAGS_ON_A_PAGE && contactTags.every(({ tag }) => junk.value.has(String(tag)))
    if (!is_junk || sustains.value || (whole.value.deals ?? []).length > 0) return found({ deleted: false })
    const removed = await this.ask({ method: 'DELETE', path: `/api/3/${contactOf(external_id)}` })
    return removed.ok ? found({ deleted: true }) : removed
  }

  private async isOnListOfSustainers({ contactLists = [] }: Static<typeof Whole>): Promise<CrmResult<boolean>> {
    const { sustainer_list } = this.means.settings
    if (!sustainer_list) return found(false)
    const id = await this.listNamed(sustainer_list)
    return id.ok ? found(contactLists.some(({ list, status }) => String(list) === id.value && String(status) === ACTIVE)) : id
  }

  private async junkTags(): Promise<CrmResult<Set<string>>> {
    const ids = new Set<string>()
    for (const name of [this.means.settings.review_tag!, ...readLines(this.means.settings.junk_tags)]) {
      const tag = await this.tagNamed(name)
      if (!tag.ok) return tag
      if (tag.value !== null) ids.add(tag.value)
    }
    return found(ids)
  }
}
