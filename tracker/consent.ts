import { remember, visitor } from './identity.ts'
import { adoptStored } from './queue.ts'
import { clear, keepOnDevice } from './storage.ts'

/**
 * granted: normal. required: wait for an answer. cookieless: send, but keep nothing on the device and name nobody.
 * denied: neither send nor keep. The answer itself is not kept either: that is the work of the site's banner.
 */
export type Consent = 'granted' | 'required' | 'cookieless' | 'denied'

let held: Array<() => void> = []
// Before `init` nothing is known of the visitor's will, so what is called waits as it waits for consent.
let mode: Consent = 'required'

/** Whether the visitor may be recognised. */
export let consented = false

/** A word that is no answer, as of a choice that nobody made, lets nothing through. The oldest are kept when too many wait: the first page view holds the campaign. */
export const whenAllowed = (step: () => void): void => {
  if (mode === 'required') held[200] || held.push(step)
  else if (/^(gr|coo)/.test(mode)) step()
}

export const decide = (next: Consent): void => {
  mode = next
  consented = next === 'granted'
  // Nothing of an earlier, granted page is touched: the banner may be about to say so again.
  if (next === 'required') return
  if (consented) {
    keepOnDevice()
    remember(visitor())
    adoptStored()
  } else clear()
  held.forEach(whenAllowed)
  held = []
}
