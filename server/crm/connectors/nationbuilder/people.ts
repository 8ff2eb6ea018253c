import Type from 'typebox'
import { Value } from 'typebox/value'
import { mapProperties, readLines, readPairs } from '../../fields.ts'
import { type CrmReply, HttpCrmConnectionManager } from '../../http.ts'
import type { AppUser } from '../../manager.ts'
import type { Token } from '../../provider.ts'
import { type CrmError, type CrmErrorKind, type CrmResult, found } from '../../result.ts'
import { treatAsSpam } from '../spam.ts'

/** Attributes that both versions call alike. What is not known is left out, so that it takes nothing away over there. */
export type Person = { email: string; first_name?: string; last_name?: string; external_id?: string; [field: string]: unknown }

/** What is the same in v1 and v2: lists and marks are tags, and the record with our contact id as `external_id` is the member. */
export abstract class NationBuilderConnectionManager extends HttpCrmConnectionManager {
  /** Matches by external_id, then by e-mail, or creates. */
  protected abstract push(person: Person): Promise<CrmResult<{ external_id: string; created: boolean }>>
  /** Adds to those that there are. `not_found` when the record is. */
  protected abstract tag(external_id: string, tags: string[]): Promise<CrmResult<null>>
  /** Of the nation; all of them. */
  protected abstract tagNames(): Promise<CrmResult<string[]>>
  /** Of a record; all of them. */
  protected abstract tagsOf(external_id: string): Promise<CrmResult<string[]>>
  protected abstract remove(external_id: string): Promise<CrmResult<unknown>>

  protected addressOf() {
    return this.means.settings.url!.replace(/\/+$/, '')
  }

  protected headersOf({ access_token }: Token): Record<string, string> {
    return { authorization: `Bearer ${access_token}` }
  }

  async addUser({ contact_id, email, first_name, last_name, language, lists, properties }: AppUser) {
    const told = mapProperties(readPairs(this.means.settings.fields), { language, ...properties })
    const pushed = await this.push({ ...told, ...nameOf({ first_name, last_name }), email, external_id: String(contact_id) })
    if (!pushed.ok) return pushed
    const tagged = await this.tag(pushed.value.external_id, lists)
    return tagged.ok ? pushed : tagged
  }

  async addEmailToMailingLists(
    email: string,
    lists: string[],
    who: { first_name: string | null; last_name: string | null } = { first_name: null, last_name: null },
  ): Promise<CrmResult<null>> {
    const there = await this.findByEmail(email) // who keeps the name that they have
    if (there.ok || there.error.kind !== 'not_found') return there.ok ? this.tag(there.value.external_id, lists) : there
    const pushed = await this.push({ ...nameOf(who), email })
    return pushed.ok ? this.tag(pushed.value.external_id, lists) : pushed
  }

  /** Tags that mean something else in the settings are no lists. */
  async getAvailableLists(): Promise<CrmResult<string[]>> {
    const names = await this.tagNames()
    const { sustainer_tag, review_tag } = this.means.settings
    return names.ok ? found(names.value.filter(name => name !== sustainer_tag && name !== review_tag)) : names
  }

  /** A record with any tag that is not junk is worth keeping. */
  markAsSpam(external_id: string, policy: 'review' | 'delete'): Promise<CrmResult<{ deleted: boolean }>> {
    return treatAsSpam(policy, {
      removeJunk: () => this.removeJunk(external_id),
      mark: () => this.markForReview(external_id),
    })
  }

  markForReview(external_id: string): Promise<CrmResult<null>> {
    return this.tag(external_id, [this.means.settings.review_tag!])
  }

  keepsOldIds() {
    return Boolean(this.means.settings.old_id_field)
  }

  private async removeJunk(external_id: string): Promise<CrmResult<{ deleted: boolean }>> {
    const tags = await this.tagsOf(external_id)
    if (!tags.ok) return tags
    const { junk_tags, review_tag } = this.means.settings
    const junk = new Set([...readLines(junk_tags), review_tag!].map(tag => tag.toLowerCase()))
    if (!tags.value.every(tag => junk.has(tag.toLowerCase()))) return found({ deleted: false })
    const removed = await this.remove(external_id)
    return removed.ok ? found({ deleted: true }) : removed
  }

  /** v1 is flat, v2 flat but for validation, where it lists what is wrong; signing in speaks OAuth. */
  protected explain({ body }: CrmReply) {
    if (!Value.Check(SAID, body)) return {}
    const [first] = body.errors ?? []
    const code = first?.meta?.code ?? first?.code ?? body.code ?? body.error
    const details = [...(body.validation_errors ?? []), ...(body.errors ?? []).map(({ detail, title }) => detail ?? title ?? '')]
    const message = [body.message ?? body.error_description, ...details].filter(Boolean).join(' ')
    const kind = first?.meta?.attribute === 'signup' ? 'not_found' : kindOf(code, message)
    return { message, ...(code && { code }), ...(kind && { kind }) }
  }

  /** v1 tells the end of its window in seconds since 1970, without a Retry-After. */
  protected override errorOf(reply: CrmReply): CrmError {
    const error = super.errorOf(reply)
    const wait = Number(reply.headers['ratelimit-reset']) * 1000 - Date.now()
    return reply.status === 429 && error.retry_after_ms === undefined && wait > 0 ? { ...error, retry_after_ms: wait } : error
  }
}

function nameOf({ first_name, last_name }: { first_name: string | null; last_name: string | null }) {
  return { ...(first_name && { first_name }), ...(last_name && { last_name }) }
}

function kindOf(code: string | undefined, message: string): CrmErrorKind | undefined {
  if (code === 'no_matches') return 'not_found'
  if (code === 'multiple_matches' || code === 'taken' || message.includes('already been taken')) return 'duplicate'
  return code === 'invalid_grant' || code === 'invalid_client' ? 'auth' : undefined
}

const Text = Type.Optional(Type.String())
const SAID = Type.Object({
  code: Text,
  message: Text,
  validation_errors: Type.Optional(Type.Array(Type.String())),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        code: Text,
        title: Text,
        detail: Text,
        meta: Type.Optional(Type.Object({ attribute: Text, code: Text })),
      }),
    ),
  ),
  error: Text,
  error_description: Text,
})
