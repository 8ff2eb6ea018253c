import type { CrmResult } from './result.ts'

/** One who signed up, as a CRM is told. */
export type AppUser = {
  /** Ours, six digits: what makes adding the same person twice the same. */
  contact_id: number
  email: string
  first_name: string | null
  last_name: string | null
  /** Of the interface where they signed up: 'en', 'he'. */
  language: string | null
  /** Names of mailing lists, as the CRM calls them. */
  lists: string[]
  /** What else they told, by the name it has here. Connectors send those that the settings give a field. */
  properties: Record<string, unknown>
}

/** The CRM's record of a member. Its id is all that is stored here; whose contact it is, the CRM decides. */
export type CrmAppUser = { external_id: string; email: string | null }

/**
 * A page of those who sustain now. `next` is null on the last page. `total`: how many members all pages have together, where the CRM says
 * so; a read that finds fewer was cut short.
 */
export type SustainerPage = {
  members: { external_id: string; is_sustainer: boolean }[]
  next: string | null
  total?: number | undefined
}

/** Passed to the one that a CRM is asked with: proof that it lets us in. */
export type CrmSession = {
  /** In words: which account, at which address. */
  account: string
}

/**
 * What a CRM can be asked, in the words of seed 003; a sibling for each in connectors/. Called by the queue and the runs, never in a
 * request of somebody who waits. Nothing is thrown for what a CRM answers: failures are values with a kind. Everything may be repeated:
 * adding somebody again finds them, so that an answer that got lost makes nobody twice. (The interface of Sefaria's CrmConnectionManager.)
 */
export abstract class CrmConnectionManager {
  /** Signs in, or shows that we still are. */
  abstract getConnection(): Promise<CrmResult<CrmSession>>

  /** Adds or finds by our contact id, and says which lists they join. */
  abstract addUser(user: AppUser): Promise<CrmResult<{ external_id: string; created: boolean }>>

  /** The id stays. What else follows from it (default addresses, lists), the CRM decides. */
  abstract changeUserEmail(external_id: string, email: string): Promise<CrmResult<null>>

  /** The next page of sustainers; the sync of them (sustainers/) reads all before it compares. */
  abstract readSustainers(page: string | null): Promise<CrmResult<SustainerPage>>

  /** An e-mail alone is enough. */
  abstract addEmailToMailingLists(
    email: string,
    lists: string[],
    who?: { first_name: string | null; last_name: string | null },
  ): Promise<CrmResult<null>>

  /** 'review' marks for a person to look at; 'delete' takes the record away, unless it holds anything that is worth keeping. */
  abstract markAsSpam(external_id: string, policy: 'review' | 'delete'): Promise<CrmResult<{ deleted: boolean }>>

  abstract markForReview(external_id: string): Promise<CrmResult<null>>

  /** Names that addUser and addEmailToMailingLists understand. */
  abstract getAvailableLists(): Promise<CrmResult<string[]>>

  /** `not_found` when there is none, `duplicate` when there are several. */
  abstract findByEmail(email: string): Promise<CrmResult<CrmAppUser>>

  /** By the id that the member had in the CRM before this one. `not_found` also when this CRM does not keep it (see `keepsOldIds`). */
  abstract findByOldId(old_id: string): Promise<CrmResult<CrmAppUser>>

  /** Whether the settings name the field that holds ids of the CRM before. */
  abstract keepsOldIds(): boolean

  abstract getById(external_id: string): Promise<CrmResult<CrmAppUser>>
}
