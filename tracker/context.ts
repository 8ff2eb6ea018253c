declare const VERSION: string

/** Where and how something happened, in the shape of Segment's `context`. */
export const describe = (): Record<string, unknown> => {
  const { href, pathname, search } = location
  const { width, height } = screen
  const campaign: Record<string, string> = {}
  const click_ids: Record<string, string> = {}
  new URLSearchParams(search).forEach((value, key) => {
    if (/^utm_/.test(key)) campaign[key.slice(4).replace('campaign', 'name')] = value
    // gclid, fbclid, msclkid, ttclid, twclid, gbraid ...
    if (/clk?id$|braid$|^li_fat_id$/.test(key)) click_ids[key] = value
  })
  return {
    // Without the fragment: single sign-on leaves tokens there.
    page: { url: href.split('#')[0], path: pathname, search, referrer: document.referrer, title: document.title },
    campaign,
    click_ids,
    locale: navigator.language,
    screen: { width, height },
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    library: { name: 'throughline.js', version: VERSION },
    webdriver: navigator.webdriver || undefined,
  }
}
