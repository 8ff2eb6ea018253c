import Type from 'typebox'
import { mapProperties, readPairs } from '../../fields.ts'
import type { AppUser, CrmAppUser, CrmSession, SustainerPage } from '../../manager.ts'
import { type CrmResult, failed, found } from '../../result.ts'
import { treatAsSpam } from '../spam.ts'
import { type Fields, Id, quote, SalesforceRecords } from './records.ts'

const Text = Type.Union([Type.String(), Type.Null()])

type Added = CrmResult<{ external_id: string; created: boolean }>

/** App users are records of an object of their own. Their contact, and which lists they are on in the end, Salesforce decides. */
export class SalesforceConnectionManager extends SalesforceRecords {
  private readonly pairs = readPairs(this.settings.fields)
  private readonly languages = new Map(readPairs(this.settings.languages))

  /** Also looks whether the object has the fields of the settings: the mistake that is made most. */
  async getConnection(): Promise<CrmResult<CrmSession>> {
    const { object, url } = this.settings
    const fields = await this.describe()
    if (!fields.ok && fields.error.kind === 'not_found')
      return failed('validation', `There is no object ${object}, or this user may not see it.`)
    if (!fields.ok) return fields
    const known = new Set(fields.value.map(name => name.toLowerCase()))
    const lacking = this.fieldsOfUser().filter(name => !known.has(name.toLowerCase()))
    if (lacking.length === 0) return found({ account: `${object} at ${url}` })
    return failed('validation', `${object} has no ${lacking.join(', ')}, or this user may not see it.`)
  }

  /** An upsert by our contact id, then an event for the lists. When the event fails, both may be done again. */
  async addUser(user: AppUser): Promise<Added> {
    const added = await this.write(user)
    if (!added.ok || user.lists.length === 0) return added
    const listed = await this.addEmailToMailingLists(user.email, user.lists, user)
    return listed.ok ? added : listed
  }

  changeUserEmail(external_id: string, email: string) {
    return this.update(external_id, { [this.settings.email_field!]: email })
  }

  async readSustainers(page: string | null): Promise<CrmResult<SustainerPage>> {
    const { object, sustainer_field } = this.settings
    if (!sustainer_field) return failed('validation', 'The settings name no field that says who sustains.')
    const answer = await this.query(Type.Object({ Id }), `SELECT Id FROM ${object} WHERE ${sustainer_field} = TRUE`, page)
    if (!answer.ok) return answer
    const { records, ...place } = answer.value
    return found({ members: records.map(record => ({ external_id: record.Id, is_sustainer: true })), ...place })
  }

  /** An event that a flow over there reads. Told twice, it says the same: no person is made by it. */
  addEmailToMailingLists(
    email: string,
    lists: string[],
    { first_name, last_name }: Pick<AppUser, 'first_name' | 'last_name'> = { first_name: null, last_name: null },
  ) {
    const { list_object, list_field } = this.settings
    const payload = { action: 'join_lists', email, first_name, last_name, lists }
    return this.insert(list_object!, { [list_field!]: JSON.stringify(payload) })
  }

  markAsSpam(external_id: string, policy: 'review' | 'delete') {
    const ways = { removeJunk: () => this.removeJunk(external_id), mark: () => this.markForReview(external_id) }
    return treatAsSpam(policy, ways)
  }

  markForReview(external_id: string) {
    return this.update(external_id, { [this.settings.review_field!]: true })
  }

  /** The first page of them: 2,000. */
  async getAvailableLists(): Promise<CrmResult<string[]>> {
    const answer = await this.query(Type.Record(Type.String(), Type.Unknown()), this.settings.lists_query!)
    if (!answer.ok) return answer
    const names = answer.value.records.map(record => Object.entries(record).find(([name]) => name !== 'attributes')?.[1])
    return found([...new Set(names.filter(name => typeof name === 'string'))])
  }

  findByEmail(email: string) {
    return this.findBy(this.settings.email_field!, email)
  }

  async findByOldId(old_id: string): Promise<CrmResult<CrmAppUser>> {
    const { old_id_field } = this.settings
    if (!old_id_field) return failed('not_found', 'The settings name no field that keeps ids of the CRM before.')
    return this.findBy(old_id_field, old_id)
  }

  keepsOldIds() {
    return Boolean(this.settings.old_id_field)
  }

  async getById(external_id: string): Promise<CrmResult<CrmAppUser>> {
    const { email_field } = this.settings
    const record = await this.read(external_id, Type.Object({ Id, [email_field!]: Text }), ['Id', email_field!])
    return record.ok ? found({ external_id: record.value.Id!, email: record.value[email_field!]! }) : record
  }

  private async findBy(field: string, value: string): Promise<CrmResult<CrmAppUser>> {
    const { object, email_field } = this.settings
    const User = Type.Object({ Id, [email_field!]: Text })
    const answer = await this.query(User, `SELECT Id, ${email_field} FROM ${object} WHERE ${field} = ${quote(value)} LIMIT 2`)
    if (!answer.ok) return answer
    const [one, other] = answer.value.records
    if (!one) return failed('not_found', `There is no ${object} with ${field} ${value}.`)
    if (other) return failed('duplicate', `Several ${object} have ${field} ${value}.`)
    return found({ external_id: one.Id!, email: one[email_field!]! })
  }

  private async write(user: AppUser): Promise<Added> {
    const { external_id_field, last_name_field } = this.settings
    const record = this.recordOf(user)
    const upsert = (fields: Fields) => this.upsert(external_id_field!, String(user.contact_id), fields)
    let added = await upsert(record)
    // Contacts need a last name to be made. Those that are there keep theirs.
    if (!added.ok && added.error.code === 'REQUIRED_FIELD_MISSING' && user.last_name === null)
      added = await upsert({ ...record, [last_name_field!]: user.email })
    return !added.ok && added.error.existing_id ? this.adopt(added.error.existing_id, user, added) : added
  }

  /** A record that their duplicate rules hold against ours is the same person, if it has the e-mail and is no other contact of ours. */
  private async adopt(id: string, user: AppUser, refused: Added): Promise<Added> {
    const { external_id_field, email_field } = this.settings
    const Known = Type.Object({ Id, [email_field!]: Text, [external_id_field!]: Text })
    const record = await this.read(id, Known, ['Id', email_field!, external_id_field!])
    if (!record.ok) return record
    const ours = String(user.contact_id)
    const is_same = record.value[email_field!]?.toLowerCase() === user.email.toLowerCase()
    if (!is_same || (record.value[external_id_field!] ?? ours) !== ours) return refused
    const updated = await this.update(id, { ...this.recordOf(user), [external_id_field!]: ours })
    return updated.ok ? found({ external_id: record.value.Id!, created: false }) : updated
  }

  /** Kept is who sustains; everybody, while the settings do not say who does. */
  private async removeJunk(id: string): Promise<CrmResult<{ deleted: boolean }>> {
    const { sustainer_field } = this.settings
    if (!sustainer_field) return found({ deleted: false })
    const Said = Type.Object({ [sustainer_field]: Type.Union([Type.Boolean(), Type.Null()]) })
    const record = await this.read(id, Said, [sustainer_field])
    if (!record.ok) return record
    if (record.value[sustainer_field]) return found({ deleted: false })
    const removed = await this.remove(id)
    return removed.ok ? found({ deleted: true }) : removed
  }

  /** Names that nobody told are left as they are there. */
  private recordOf({ email, first_name, last_name, language, properties }: AppUser): Fields {
    const { email_field, first_name_field, last_name_field, language_field } = this.settings
    return {
      ...mapProperties(this.pairs, properties),
      [email_field!]: email,
      ...(first_name !== null && { [first_name_field!]: first_name }),
      ...(last_name !== null && { [last_name_field!]: last_name }),
      ...(language !== null && { [language_field!]: this.languages.get(language) ?? language }),
    }
  }

  private fieldsOfUser(): string[] {
    const { external_id_field, email_field, first_name_field, last_name_field, language_field } = this.settings
    const { review_field, sustainer_field, old_id_field } = this.settings
    const own = [external_id_field, email_field, first_name_field, last_name_field, language_field]
    const more = [review_field, sustainer_field, old_id_field, ...this.pairs.map(([, to]) => to)]
    return [...own, ...more].filter(name => name !== undefined)
  }
}
