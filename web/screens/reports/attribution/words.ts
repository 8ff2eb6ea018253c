import type { AttributionDimension, AttributionModel } from '../../../../shared/attribution.ts'

export const TOUCH_DIMENSIONS: Record<AttributionDimension, string> = {
  source: 'Source',
  medium: 'Medium',
  campaign: 'Campaign',
  term: 'Term',
  content: 'Content',
  referrer: 'Referrer',
  referral_code: 'Referral code',
}

/** What each model says about the visits that led to a conversion. */
export const MODELS: Record<AttributionModel, { name: string; about: string }> = {
  first_touch: { name: 'First touch', about: 'All of it goes to the first visit that somebody sent: what makes you known.' },
  last_touch: { name: 'Last touch', about: 'All of it goes to the last visit that somebody sent: what closes the sale.' },
  linear: { name: 'Linear', about: 'Every visit that somebody sent gets the same part.' },
  time_decay: { name: 'Time decay', about: 'Every visit gets a part, half as much for each week that it lies further back.' },
  position_based: { name: 'Position based', about: '40% goes to the first visit, 40% to the last, and 20% to those in between.' },
}

/** What a group is called. Nobody sent those without a value, or nobody said so. */
export const sentBy = (value: string) => value || 'Direct or not named'
