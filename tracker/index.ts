import { type Consent, consented, decide } from './consent.ts'
import { watchForms } from './forms.ts'
import { harmless } from './harmless.ts'
import { type Visitor, visitor } from './identity.ts'
import { type Options, readOptions } from './options.ts'
import { takeToken, watchPages } from './page.ts'
import { leave, openQueue } from './queue.ts'
import { shareAcross } from './storage.ts'
import { alias, identify, page, register, reset, track } from './verbs.ts'
import { video, watchVideos } from './video.ts'

type Call = [verb: string, ...unknown[]]

declare global {
  interface Navigator {
    globalPrivacyControl?: boolean
  }
  interface Window {
    throughline?: Throughline | Call[]
  }
}

const script = (document.currentScript || new Image()) as HTMLScriptElement
let answer: Consent | undefined
/** What was answered before `init` waits for it. */
let tell = (next: Consent): void => {
  answer = next
}

const init = (writeKey: string, { host, cookie_domain = '', consent, gpc, forms, auto_page = true }: Options = {}): void => {
  if (tell === decide) return
  openQueue(host || script.src.replace(/.[^/]*$/, ''), writeKey)
  shareAcross(cookie_domain)
  tell = decide
  decide(answer || (navigator.globalPrivacyControl && gpc) || consent || 'granted')
  watchForms(forms)
  watchVideos()
  if (auto_page) watchPages()
}

/**
 * How far this page may go, or what the visitor answers to one purpose, asked with which text. A yes to analytics is a yes to the tracker;
 * a no stops it as soon as it was said.
 */
const consent = (asked: Consent | (string & {}), given?: boolean, text_version?: string): void => {
  if (given == null) {
    // What was allowed until now may still go.
    if (asked === 'cookieless') leave()
    tell(asked as Consent)
  } else {
    const watches = asked === 'analytics'
    if (watches && given) consent('granted')
    track('consent_changed', { purposes: { [asked]: given }, text_version })
    if (!given) leave()
    if (watches && !given) consent('denied')
  }
}

const push = (...calls: Call[]): void => {
  // One by one, so that a wrong call does not take the next ones with it.
  calls.forEach(harmless(([verb, ...args]: Call) => (verbs as Verbs)[verb]!(...(args as never[]))))
}

/** What a page sees as `window.throughline`; until the script is there, a plain array of `[verb, ...arguments]`. */
const verbs = {
  init,
  track,
  identify,
  alias,
  page,
  reset,
  register,
  video,
  consent,
  /** Whose events these are; undefined as long as nobody may be recognised. */
  visitor: (): Visitor | undefined => (consented ? visitor() : undefined),
  push,
}
type Verbs = Record<string, (...args: never[]) => unknown>
export type Throughline = typeof verbs

const install = (): void => {
  const waiting = window.throughline || []
  // Included twice.
  if ('init' in waiting) return
  for (const verb in verbs) (verbs as Verbs)[verb] = harmless((verbs as Verbs)[verb]!)
  window.throughline = verbs

  const email_link_token = takeToken()
  if (email_link_token) track('email_link_opened', {}, { email_link_token })
  push(...waiting)

  const options = readOptions(script)
  if (options.write_key) init(options.write_key, options)
}

harmless(install)()
