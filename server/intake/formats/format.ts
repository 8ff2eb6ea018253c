/**
 * What every sender's way of sending has. One file each beside this one, with the same exports in the same order; `list.ts` names them
 * all. A format knows nothing of workspaces and stores nothing: it is given bytes and answers values.
 */
export type Format = {
  /** As it is stored: 'google_ads'. */
  name: string
  /** For people: 'Google Ads lead forms'. */
  title: string
  /** How to set it up over there, in Markdown. `{address}` stands for the webhook's address. */
  instructions: string
  secrets: { name: string; label: string; required: boolean }[]
  /** Whether this looks like it, for webhooks whose format is 'auto'. Cheap, never throws; asked before the signature is looked at. */
  recognises(raw: Raw): boolean
  /** On the raw bytes, in constant time. `unsigned`: there is nothing to be checked (no signature came, or no secret is set). */
  verify(raw: Raw, secrets: Secrets): Verdict
  /** Answers what the sender asks before it sends anything; null when this is a delivery. Asked before `verify`. */
  handshake?(raw: Raw, secrets: Secrets): Reply | null
  /** What stands in it. Never throws: what cannot be read is a reason, in words for a person. At most MOST_ITEMS items. */
  read(raw: Raw): Read
  /** Gets what an item of the kind 'fetch' only names. Outside of any transaction; `ask` is guarded and limited (server/egress). */
  fetch?(wanted: Wanted, secrets: Secrets, ask: Ask): Promise<Fetched>
  /** The ids of all that came since a time (ISO 8601), where the sender can list them: for what got lost on the way. */
  list?(since: string, secrets: Secrets, ask: Ask): Promise<Listed>
  /** A request such as the sender would have made for one of them, which `read` understands. */
  announce?(id: string): object
  /** Its own form of our answer, where the sender does not understand ours. */
  reply?(outcome: Outcome, raw: Raw): Reply
}

/** A request, before anybody looked at it. Names of headers are in lower case. `content_type` is without parameters, in lower case. */
export type Raw = {
  method: string
  headers: Record<string, string>
  query: URLSearchParams
  body: Buffer
  content_type: string
  ip: string
}

export type Secrets = Record<string, string>
export type Verdict = { ok: true } | { ok: false; reason: string } | { unsigned: true }
export type Read = { ok: true; items: Item[] } | { ok: false; reason: string }

/** Flat: the keys of nested objects are joined by dots (`flatten.ts`). Numbers that a double cannot hold exactly are strings. */
export type Fields = Record<string, Field>
export type Field = string | number | boolean | null | object | string[]

export type Item = {
  /** The sender's own id of it: the same again is the same delivery. null when it has none. */
  delivery_key: string | null
  /** As they came, without secrets that stood among them. */
  fields: Fields
  /** The sender says that it is a trial. */
  is_test: boolean
  /** 'ignored': nothing for us (a ping, a news item of another kind). 'fetch': only ids; see `fetch`. */
  kind: 'lead' | 'ignored' | 'fetch'
  /** It is about a meeting as well; when and where stands in `fields` (meeting.ts). */
  meeting?: ToldOfMeeting
  fetch?: Wanted
}

/** More than this in one request is refused with a reason. */
export const MOST_ITEMS = 500

/** What the sender's form says of a meeting besides its fields: its id there, the one that it had before it was moved, what happened. */
export type ToldOfMeeting = { change?: 'booked' | 'moved' | 'cancelled'; external_id?: string | null; was?: string | null }

export type Wanted = { id: string } & Record<string, string>
/** `again`: it may work later (a limit, a network). */
export type Fetched = { ok: true; fields: Fields } | { ok: false; reason: string; again: boolean }
export type Listed = { ok: true; ids: string[] } | { ok: false; reason: string; again: boolean }
export type Ask = (request: {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string
}) => Promise<{ ok: true; status: number; body: Buffer } | { ok: false; reason: string }>

export type Reply = { status: number; headers?: Record<string, string>; body: string | object | null }

/** What became of a delivery, and what is answered when the format has no form of its own. */
export type Outcome = {
  status: number
  outcome: 'success' | 'failure'
  /** Of a failure, one of a closed set: 'duplicate', 'cap_day', 'filtered', 'inactive', 'invalid_fields', 'unreadable', ... */
  reason: string | null
  /** The same for people. */
  message: string | null
  /** What is wrong with which field. */
  fields: Record<string, string> | null
  delivery_id: number | null
  /** Of the first lead. */
  lead_id: number | null
  contact_id: number | null
  contact_status: 'new' | 'existing' | null
  appointment_id: number | null
  /** Where a browser goes that posted a form. */
  redirect_url: string | null
}
