import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'

/** One spelling for each address, so that equal people are found by equality. `undefined`: it is not an e-mail address. */
export function normalizeEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase().normalize('NFC')
  return isEmail(email) ? email : undefined
}

/** Loose on purpose: what has one `@`, a name before it and a domain with a dot behind it. Whether it exists only a mail can tell. */
export function isEmail(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>(),;:"\p{Cc}]{1,64}@[^\s@<>(),;:"\p{Cc}.]+(\.[^\s@<>(),;:"\p{Cc}.]+)+$/u.test(text)
}

/** E.164. `country` (ISO 3166) is of numbers written without a country. `undefined`: nobody could be called by it. */
export function normalizePhone(text: string, country: string): string | undefined {
  const written = text.trim()
  if (written.length > 50) return undefined
  const phone = parsePhoneNumberFromString(written, isSupportedCountry(country) ? (country as CountryCode) : undefined)
  // `isPossible` looks at the length only: valid ranges change monthly, and a library behind them would refuse real people.
  return phone?.isPossible() ? phone.number : undefined
}

/** Addresses that many people read. They reach a company, so they say nothing about who somebody is. */
export function isRoleMailbox(email: string): boolean {
  return ROLES.has(email.slice(0, email.indexOf('@')).replace(/\+.*$/, ''))
}

const ROLES = new Set([
  'abuse',
  'accounting',
  'accounts',
  'admin',
  'administrator',
  'billing',
  'contact',
  'enquiries',
  'feedback',
  'hello',
  'help',
  'helpdesk',
  'hostmaster',
  'hr',
  'info',
  'inquiries',
  'invoices',
  'jobs',
  'mail',
  'mailer-daemon',
  'marketing',
  'no-reply',
  'noreply',
  'office',
  'postmaster',
  'privacy',
  'reception',
  'root',
  'sales',
  'security',
  'support',
  'team',
  'webmaster',
])
