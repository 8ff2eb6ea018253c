import { mapProperties, readPairs } from '../../fields.ts'
import type { AppUser, CrmAppUser, CrmSession, SustainerPage } from '../../manager.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { treatAsSpam } from '../spam.ts'
import type { Properties } from './contacts.ts'
import { HubSpotLists } from './lists.ts'

type Added = CrmResult<{ external_id: string; created: boolean }>

/** App users are contacts: HubSpot knows no others, and lets no two have the same e-mail. */
export class HubSpotConnectionManager extends HubSpotLists {
  private readonly pairs = readPairs(this.settings.fields)

  /** Also looks whether contacts have the properties of the settings: the mistake that is made most. */
  async getConnection(): Promise<CrmResult<CrmSession>> {
    const account = await this.account()
    if (!account.ok) return account
    const properties = await this.describe()
    if (!properties.ok) return properties
    const lacking = this.propertiesOfUser().filter(name => !properties.value.includes(name))
    if (lacking.length === 0) return found({ account: `HubSpot account ${account.value}` })
    return failed('validation', `Contacts of HubSpot account ${account.value} have no property ${lacking.join(', ')}.`)
  }

  async addUser(user: AppUser): Promise<Added> {
    const written = await this.write(user)
    const added = !written.ok && written.error.existing_id ? await this.adopt(written.error.existing_id, user, written) : written
    if (!added.ok) return added
    const joined = await this.join(user.lists, added.value.external_id)
    return joined.ok ? added : joined
  }

  async changeUserEmail(external_id: string, email: string) {
    return nothing(await this.update(external_id, { email }))
  }

  async readSustainers(page: string | null): Promise<CrmResult<SustainerPage>> {
    const { sustainer_list } = this.settings
    if (!sustainer_list) return failed('validation', 'The settings name no list of sustainers.')
    const list = await this.listOf(sustainer_list, 'all')
    if (!list.ok) return list
    const answer = await this.readMembers(list.value.id, page)
    if (!answer.ok) return answer
    const { results, paging, total } = answer.value
    const members = results.map(({ recordId }) => ({ external_id: recordId, is_sustainer: true }))
    return found({ members, next: paging?.next?.after ?? null, total })
  }

  /** Who is unknown becomes a contact with an e-mail alone; who is there keeps the name. */
  async addEmailToMailingLists(
    email: string,
    lists: string[],
    { first_name, last_name }: Pick<AppUser, 'first_name' | 'last_name'> = { first_name: null, last_name: null },
  ): Promise<CrmResult<null>> {
    const known = await this.findByEmail(email)
    if (!known.ok && known.error.kind !== 'not_found') return known
    const reader = known.ok ? known : await this.upsert('email', email, { email, ...namesOf({ first_name, last_name }) })
    return reader.ok ? this.join(lists, reader.value.external_id) : reader
  }

  markAsSpam(external_id: string, policy: 'review' | 'delete') {
    const ways = { removeJunk: () => this.removeJunk(external_id), mark: () => this.markForReview(external_id) }
    return treatAsSpam(policy, ways)
  }

  async markForReview(external_id: string) {
    return nothing(await this.update(external_id, { [this.settings.review_property!]: 'true' }))
  }

  async getAvailableLists(): Promise<CrmResult<string[]>> {
    const lists = await this.readLists()
    return lists.ok ? found(lists.value.filter(({ is_static }) => is_static).map(({ name }) => name)) : lists
  }

  findByEmail(email: string) {
    return this.find(email, 'email')
  }

  async findByOldId(old_id: string): Promise<CrmResult<CrmAppUser>> {
    const { old_id_property } = this.settings
    if (!old_id_property) return failed('not_found', 'The settings name no property that keeps ids of the CRM before.')
    return this.find(old_id, old_id_property)
  }

  keepsOldIds() {
    return Boolean(this.settings.old_id_property)
  }

  getById(external_id: string) {
    return this.find(external_id)
  }

  private async find(key: string, id_property?: string): Promise<CrmResult<CrmAppUser>> {
    const contact = await this.read(key, ['email'], id_property)
    return contact.ok ? found({ external_id: contact.value.id, email: contact.value.properties.email ?? null }) : contact
  }

  /** HubSpot documents no upsert by e-mail that leaves alone what is not told: who is there is updated, who is not is upserted. */
  private async write(user: AppUser): Promise<Added> {
    const { id_property } = this.settings
    const properties = this.propertiesOf(user)
    if (id_property !== 'email') return this.upsert(id_property!, String(user.contact_id), { email: user.email, ...properties })
    const there = await this.update(user.email, properties, 'email')
    if (there.ok) return found({ external_id: there.value.id, created: false })
    return there.error.kind === 'not_found' ? this.upsert('email', user.email, { email: user.email, ...properties }) : there
  }

  /** The contact that has the e-mail already is the same person, if it is no other contact of ours. Its first e-mail stays. */
  private async adopt(id: string, user: AppUser, refused: Added): Promise<Added> {
    const { id_property } = this.settings
    const contact = await this.read(id, ['email', 'hs_additional_emails', id_property!])
    if (!contact.ok) return contact
    const { email, hs_additional_emails, [id_property!]: held } = contact.value.properties
    const emails = [email, ...(hs_additional_emails ?? '').split(';')].map(one => one?.toLowerCase())
    const ours = id_property === 'email' ? {} : { [id_property!]: String(user.contact_id) }
    const is_other = id_property !== 'email' && held && held !== String(user.contact_id)
    if (is_other || !emails.includes(user.email.toLowerCase())) return refused
    const updated = await this.update(id, { ...this.propertiesOf(user), ...ours })
    return updated.ok ? found({ external_id: updated.value.id, created: false }) : updated
  }

  /** Kept is who has deals or is on the list of sustainers; everybody, while the settings name no such list. */
  private async removeJunk(id: string): Promise<CrmResult<{ deleted: boolean }>> {
    const { sustainer_list } = this.settings
    if (!sustainer_list) return found({ deleted: false })
    const contact = await this.read(id, ['num_associated_deals'])
    if (!contact.ok) return contact
    const list = await this.listOf(sustainer_list, 'all')
    if (!list.ok) return list
    const sustains = await this.mayBeOn(list.value.id, id)
    if (!sustains.ok) return sustains
    if (sustains.value || Number(contact.value.properties.num_associated_deals ?? 0) !== 0) return found({ deleted: false })
    const removed = await this.remove(id)
    return removed.ok ? found({ deleted: true }) : removed
  }

  /** All but the e-mail. Names that nobody told are left as they are there. */
  private propertiesOf({ first_name, last_name, language, properties }: AppUser): Properties {
    const told = Object.entries(mapProperties(this.pairs, properties)).map(([name, value]) => [name, String(value)])
    const { language_property } = this.settings
    return {
      ...Object.fromEntries(told),
      ...namesOf({ first_name, last_name }),
      ...(language !== null && { [language_property!]: language }),
    }
  }

  private propertiesOfUser(): string[] {
    const { id_property, language_property, review_property, old_id_property } = this.settings
    const named = [id_property, language_property, review_property, old_id_property, ...this.pairs.map(([, to]) => to)]
    return named.filter(name => name !== undefined)
  }
}

function namesOf({ first_name, last_name }: Pick<AppUser, 'first_name' | 'last_name'>): Properties {
  return { ...(first_name !== null && { firstname: first_name }), ...(last_name !== null && { lastname: last_name }) }
}

function nothing(result: CrmResult<unknown>): CrmResult<null> {
  return result.ok ? found(null) : result
}
