import type { Outgoing } from '../egress/egress.ts'
import type { CrmConnectionManager } from './manager.ts'
import type { CrmResult } from './result.ts'

export type CrmProviderName = 'salesforce' | 'nationbuilder' | 'hubspot' | 'activecampaign' | 'log' | 'none'

/** What a person types to set a connection up. Secrets are sealed and never shown again. */
export type CrmField = {
  name: string
  label: string
  help?: string
  is_secret?: boolean
  required?: boolean
  /** One of these; free text without. */
  choices?: { value: string; label: string }[]
  /** What is meant when it is empty; shown in the empty field. */
  otherwise?: string
  /** An address (https), a whole number, or text. */
  type?: 'url' | 'number' | 'text' | 'textarea'
}

/** Every CRM that can be connected has one, in a file of its own beside the others; connectors/list.ts names them all. */
export type CrmProvider = {
  name: CrmProviderName
  /** For people: 'Salesforce'. */
  title: string
  /** How to make the credentials over there, in Markdown. */
  instructions: string
  fields: CrmField[]
  /** Requests at once, over all processes; and how many in how many milliseconds at most (per process). */
  concurrency: number
  pace: { requests: number; per_ms: number }
  open(means: CrmMeans): CrmConnectionManager
}

/** What a connector works with. It reads no clock of the queue, no table and no file but through this. */
export type CrmMeans = {
  workspace_id: number
  connection_id: number
  /** By the names of `fields`; secrets as well. Empty ones have what `otherwise` says, or are absent. */
  settings: Record<string, string>
  /** The guarded client of server/egress, in the pace that the provider allows. */
  send(outgoing: Outgoing): Promise<CrmAnswer>
  /** Signs in once however many ask; see token.ts. */
  tokens: Tokens
  /** Where the log connector writes. */
  folder: string
}

/** An answer, or why there is none. A body that was cut is none. */
export type CrmAnswer = CrmResult<{ status: number; headers: Record<string, string>; text: string }>

export type Token = {
  access_token: string
  /** Where it is good for, when the CRM says so. */
  instance_url?: string | undefined
  refresh_token?: string | undefined
  /** ISO 8601; absent: until it is refused. */
  expires_at?: string | undefined
}

/** The token of one connection, shared by everything that asks. */
export type Tokens = {
  /**
   * The token that there is, or a new one by `signIn`: called once however many wait for it. `refused` is one that the CRM did
   * not accept: any other is given, without signing in when somebody already did. `signIn` is given the last token, for its refresh token.
   */
  get(signIn: (last: Token | null) => Promise<CrmResult<Token>>, refused?: string): Promise<CrmResult<Token>>
}
