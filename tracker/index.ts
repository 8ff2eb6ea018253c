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
  const { globalPrivacyControl } = navigator as { globalPrivacyControl?: boolean }
  decide(answer || (globalPrivacyControl && gpc) || consent || 'granted')
  watchForms(forms)
  watchVideos()
  if (auto_page) watchPages()
}

const consent = (next: Consent): void => {
  answer = next
  if (running) decide(next)
}

const push = (...calls: Call[]): void => {
  for (const [verb, ...args] of calls) (table[verb] as (...args: unknown[]) => unknown)(...args)
}

/** Whose events these are; undefined as long as nobody may be recognised. */
const whoami = (): Visitor | undefined => (consented() ? visitor() : undefined)

/** What a page sees as `window.throughline`; until the script is there, a plain array of `[verb, ...arguments]`. */
const verbs = { init, track, identify, alias, page, reset, register, video, consent, visitor: whoami, push }
const table = verbs as Record<string, (...args: never[]) => unknown>
export type Throughline = typeof verbs

const install = (): void => {
  const waiting = window.throughline || []
  // Included twice.
  if (!Array.isArray(waiting)) return
  for (const verb in verbs) table[verb] = harmless(table[verb]!)
  window.throughline = verbs

  const email_link_token = takeToken()
  if (email_link_token) record(() => ({ type: 'track', event: 'email_link_opened' }), { email_link_token })
  push(...waiting)

  const options = readOptions(script)
  if (options.write_key) init(options.write_key, options)
}

harmless(install)()
