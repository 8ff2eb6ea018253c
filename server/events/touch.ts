/** Where a visit came from. Kept as the first and the last of a visitor, folded into those of the contact. */
export type Touch = {
  at: string
  utm_source?: string
  utm_medium?: string
  utm_campaign?: string
  utm_term?: string
  utm_content?: string
  referring_domain?: string
  referral_code?: string
  landing_page?: string
  click_ids?: Record<string, string>
}

const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const
const CLICK_IDS = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'epik',
  'sccid',
  'rdt_cid',
  'irclickid',
]

type Bag = Record<string, unknown>

/** From context.campaign and context.page (Segment), the page's own address, and utm_* among the properties. */
export function readTouch(at: number, context: Bag, properties: Bag): Touch | null {
  const page = bag(context.page)
  const campaign = bag(context.campaign)
  const url = text(page.url) ?? text(properties.url)
  const address = url && URL.canParse(url) ? new URL(url) : undefined
  if (!address && Object.keys(campaign).length === 0 && !UTM.some(key => properties[key])) return null
  const touch: Touch = { at: new Date(at).toISOString() }
  for (const key of UTM) {
    const name = key.slice(4)
    const value =
      text(campaign[name === 'campaign' ? 'name' : name]) ?? text(properties[key]) ?? text(address?.searchParams.get(key))
    if (value) touch[key] = value
  }
  const referring_domain = domainOf(text(page.referrer) ?? text(properties.referrer), address?.hostname)
  if (referring_domain) touch.referring_domain = referring_domain
  const code =
    text(properties.referral_code) ?? text(address?.searchParams.get('ref')) ?? text(address?.searchParams.get('referral_code'))
  if (code) touch.referral_code = code
  if (address) touch.landing_page = (address.origin + address.pathname).slice(0, 500)
  const click_ids = readClickIds(bag(context.click_ids), address)
  if (click_ids) touch.click_ids = click_ids
  return touch
}

/** A visit that somebody sent, and not one that was typed or bookmarked. */
export function isSent(touch: Touch): boolean {
  return Boolean(
    touch.utm_source ??
      touch.utm_medium ??
      touch.utm_campaign ??
      touch.referring_domain ??
      touch.referral_code ??
      touch.click_ids,
  )
}

/** Whether it names another campaign or click than a visit began with. What it does not say is the same. */
export function isOtherWay(touch: Touch, than: Partial<Touch>): boolean {
  return (
    UTM.some(key => touch[key] !== undefined && touch[key] !== than[key]) ||
    Object.entries(touch.click_ids ?? {}).some(([name, id]) => than.click_ids?.[name] !== id)
  )
}

function readClickIds(given: Bag, address: URL | undefined): Record<string, string> | undefined {
  let found: Record<string, string> | undefined
  for (const name of CLICK_IDS) {
    const value = text(given[name]) ?? text(address?.searchParams.get(name))
    if (value) found = { ...found, [name]: value }
  }
  return found
}

function domainOf(referrer: string | undefined, own: string | undefined): string | undefined {
  if (!referrer || !URL.canParse(referrer)) return undefined
  const domain = new URL(referrer).hostname.replace(/^www\./, '')
  return domain === '' || domain === own?.replace(/^www\./, '') ? undefined : domain
}

function bag(value: unknown): Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 300) : undefined
}
