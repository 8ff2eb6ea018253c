import type { StandinPerson } from '../standin.ts'

export type Member = {
  id: string
  email: string | null
  first_name: string | null
  last_name: string | null
  external_id: string | null
  salesforce_id: string | null
  language: string | null
  /** v1 has them beside the others, v2 in an object. */
  custom_values: Record<string, unknown>
  is_deleted: boolean
}
export type Tag = { id: string; name: string }
export type Tagging = { id: string; signup_id: string; tag_id: string }

/** Slugs of the custom fields that somebody made over there. */
export const CUSTOM = ['interests', 'plan']
export const WRITABLE = ['email', 'first_name', 'last_name', 'external_id', 'salesforce_id', 'language'] as const
export const SUSTAINER_TAG = 'sustainer current'
export const REVIEW_TAG = 'Manual review required'

export type Given = Partial<Record<(typeof WRITABLE)[number], string | null>> & { custom_values?: Record<string, unknown> }
/** What is wrong with a record, by the attribute; `code` as v2 tells it. */
export type Wrong = { attribute: string; message: string; code: string }

/** The people of a nation and their tags, as both versions of the API see them. */
export class Nation {
  readonly members: Member[] = []
  readonly tags: Tag[] = []
  readonly taggings: Tagging[] = []
  private last = 0

  id() {
    return String(++this.last)
  }

  living() {
    return this.members.filter(member => !member.is_deleted)
  }

  find(id: string) {
    return this.living().find(member => member.id === id)
  }

  byEmail(email: string) {
    return this.living().filter(member => member.email?.toLowerCase() === email.toLowerCase())
  }

  /** By external_id, then by e-mail; otherwise somebody new. */
  push(given: Given): { member: Member; created: boolean } | Wrong[] {
    const matched =
      this.living().find(member => given.external_id && member.external_id === given.external_id) ??
      (given.email ? this.byEmail(given.email)[0] : undefined)
    const wrong = this.judge(given, matched)
    if (wrong.length > 0) return wrong
    return { member: this.write(matched ?? this.add(), given), created: !matched }
  }

  change(member: Member, given: Given): Member | Wrong[] {
    const wrong = this.judge(given, member)
    return wrong.length > 0 ? wrong : this.write(member, given)
  }

  private judge(given: Given, of: Member | undefined): Wrong[] {
    const email = given.email ?? of?.email
    if (!email && !(given.first_name ?? of?.first_name))
      return [{ attribute: 'identity', message: "can't be blank", code: 'blank' }]
    if (given.email == null) return []
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(given.email))
      return [{ attribute: 'email', message: `'${given.email}' should look like an email address`, code: 'invalid' }]
    const taken = this.byEmail(given.email).some(member => member !== of)
    return taken ? [{ attribute: 'email', message: 'has already been taken', code: 'taken' }] : []
  }

  private write(member: Member, { custom_values, ...given }: Given): Member {
    Object.assign(member.custom_values, custom_values)
    return Object.assign(member, given)
  }

  private add(): Member {
    const empty = { email: null, first_name: null, last_name: null, external_id: null, salesforce_id: null, language: null }
    const member = { id: this.id(), ...empty, custom_values: {}, is_deleted: false }
    this.members.push(member)
    return member
  }

  /** Names are the same whatever their case. */
  tagNamed(name: string): Tag | undefined {
    return this.tags.find(tag => tag.name.toLowerCase() === name.toLowerCase())
  }

  makeTag(name: string): Tag {
    const tag = this.tagNamed(name) ?? { id: this.id(), name }
    if (!this.tags.includes(tag)) this.tags.push(tag)
    return tag
  }

  /** Null when it was put there before. */
  putTag(signup_id: string, tag_id: string): Tagging | null {
    if (this.taggings.some(tagging => tagging.signup_id === signup_id && tagging.tag_id === tag_id)) return null
    const tagging = { id: this.id(), signup_id, tag_id }
    this.taggings.push(tagging)
    return tagging
  }

  untag(signup_id: string, name: string) {
    const { id } = this.tagNamed(name)!
    this.taggings.splice(
      this.taggings.findIndex(tagging => tagging.signup_id === signup_id && tagging.tag_id === id),
      1,
    )
  }

  tagsOf(signup_id: string): string[] {
    return this.taggings
      .filter(tagging => tagging.signup_id === signup_id)
      .map(({ tag_id }) => this.tags.find(tag => tag.id === tag_id)!.name)
  }

  tagged(tag_id: string): Tagging[] {
    return this.taggings.filter(tagging => tagging.tag_id === tag_id && this.find(tagging.signup_id))
  }

  remove(member: Member) {
    member.is_deleted = true
  }

  put({ lists = [], sustains, in_review, our_id, old_id, ...person }: Partial<StandinPerson>): string {
    const member = this.add()
    const { email = null, first_name = null, last_name = null, is_deleted = false } = person
    Object.assign(member, {
      email,
      first_name,
      last_name,
      is_deleted,
      external_id: our_id ?? null,
      salesforce_id: old_id ?? null,
    })
    if (person.id) member.id = person.id
    const tags = [...lists, ...(sustains ? [SUSTAINER_TAG] : []), ...(in_review ? [REVIEW_TAG] : [])]
    for (const name of tags) this.putTag(member.id, this.makeTag(name).id)
    return member.id
  }

  people(): StandinPerson[] {
    return this.members.map(member => {
      const tags = this.tagsOf(member.id)
      return {
        id: member.id,
        email: member.email,
        first_name: member.first_name,
        last_name: member.last_name,
        our_id: member.external_id,
        old_id: member.salesforce_id,
        lists: tags.filter(tag => tag !== SUSTAINER_TAG && tag !== REVIEW_TAG),
        sustains: tags.includes(SUSTAINER_TAG),
        in_review: tags.includes(REVIEW_TAG),
        is_deleted: member.is_deleted,
      }
    })
  }
}
