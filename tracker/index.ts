import { type Consent, consented, decide } from './consent.ts'
import { watchForms } from './forms.ts'
import { harmless } from './harmless.ts'
import { type Visitor, visitor } from './identity.ts'
import { type Options, readOptions } from './options.ts'
import { takeToken, watchPages } from './page.ts'
import { openQueue } from './queue.ts'
import { record } from './record.ts'
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

const script = (document.currentScript || document.createElement('script')) as HTMLScriptElement
let running = false
let answer: Consent | undefined

const init = (writeKey: string, { host, cookie_domain = '', consent, gpc, forms, auto_page = true }: Options = {}): void => {
  if (running) return
  running = true
  openQueue(host || script.src.replace(/.[^/]*$/, ''), writeKey)
  shareAcross(cookie_domain)
  decide(answer || (navigator.globalPrivacyControl && gpc) || consent || 'granted')
  watchForms(forms)
  watchVideos()
  if (auto_page) watchPages()
}

const consent = (next: Consent): void => {
  answer = next
  if (running) decide(next)
}

const push = (...calls: Call[]): void => {
  // One by one, so that a wrong call does not take the next ones with it.
  calls.forEach(harmless(([verb, ...args]: Call) => (table[verb] as (...args: unknown[]) => unknown)(...args)))
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
  visitor: (): Visitor | undefined => (consented() ? visitor() : undefined),
  push,
}
const table = verbs as Record<string, (...args: never[]) => unknown>
export type Throughline = typeof verbs

const install = (): void => {
  const waiting = window.throughline || []
  // Included twice.
  if ('init' in waiting) return
  for (const verb in verbs) table[verb] = harmless(table[verb]!)
  window.throughline = verbs

  const email_link_token = takeToken()
  if (email_link_token) record(() => ({ type: 'track', event: 'email_link_opened' }), { email_link_token })
  push(...waiting)

  const options = readOptions(script)
  if (options.write_key) init(options.write_key, options)
}

harmless(install)()
