import {
  type Icon,
  IconArrowsJoin2,
  IconCalendarCheck,
  IconCash,
  IconClick,
  IconDiscountCheck,
  IconFileText,
  IconForms,
  IconKey,
  IconLogin2,
  IconMail,
  IconMessage,
  IconPencil,
  IconPlayerPlay,
  IconPointFilled,
  IconPresentation,
  IconSettings,
  IconShare,
  IconShoppingCart,
  IconStairsUp,
  IconUserPlus,
} from '@tabler/icons-react'

/** The longest beginning of a name that is known decides. */
export function eventIcon(name: string): Icon {
  const known = ICONS.find(([beginning]) => name.startsWith(beginning))
  return known ? known[1] : IconPointFilled
}

const ICONS: [string, Icon][] = [
  ['page_shared', IconShare],
  ['page_viewed', IconFileText],
  ['screen_viewed', IconFileText],
  ['watch_page_viewed', IconPresentation],
  ['enrollment_viewed', IconDiscountCheck],
  ['registration_page_viewed', IconForms],
  ['registration', IconUserPlus],
  ['form_', IconForms],
  ['video_', IconPlayerPlay],
  ['offer_', IconClick],
  ['purchase_initiated', IconShoppingCart],
  ['purchase_', IconCash],
  ['call_', IconCalendarCheck],
  ['email_', IconMail],
  ['sms_', IconMessage],
  ['identify', IconLogin2],
  ['alias', IconLogin2],
  ['contact.created', IconUserPlus],
  ['contact.merge', IconArrowsJoin2],
  ['contact.stage', IconStairsUp],
  ['contact.', IconPencil],
  ['identity.', IconArrowsJoin2],
  ['visitor.', IconArrowsJoin2],
  ['merge', IconArrowsJoin2],
  ['key.', IconKey],
  ['workspace.', IconSettings],
]

/** Which tone an event is shown in: revenue, a step forward, or plain. */
export function eventTone(name: string) {
  if (name === 'purchase_completed' || name === 'call_booked') return 'good'
  if (name === 'registration' || name === 'enrollment_viewed' || name === 'offer_clicked' || name === 'purchase_initiated')
    return 'accent'
  return 'plain'
}
