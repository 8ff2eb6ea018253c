import type { Consent } from './consent.ts'

export type Options = {
  write_key?: string
  /** Origin of the Throughline server; default: where the script came from. */
  host?: string
  /** false: page views only when `page()` is called. */
  auto_page?: boolean
  /** true: every form is captured, not only those with `data-throughline-event`. */
  forms?: boolean
  consent?: Consent
  /** What a browser with Global Privacy Control gets. */
  gpc?: 'denied' | 'cookieless'
  /** `example.com`: one visitor on every subdomain. */
  cookie_domain?: string
}

/** `data-auto-page="false"` is `auto_page: false`; an attribute without a value is `true`. */
export const readOptions = (script: Element): Options => {
  const options: Record<string, string | boolean> = {}
  for (const { name, value } of script.attributes)
    options[name.slice(5).replace(/-/g, '_')] = value !== 'false' && (value || true)
  return options
}
