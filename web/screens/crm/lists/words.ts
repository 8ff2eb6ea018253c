import type { MailingList } from '../../../../shared/crm.ts'

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' })

/** "English" of 'en'; what is no language by its own name. */
export function languageName(code: string) {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

/** Who joins it by signing up, in a sentence. */
export function ruleWords({ on_sign_up, languages, property, value }: MailingList) {
  if (!on_sign_up) return 'Nobody joins by signing up; only who asks for it.'
  const or = new Intl.ListFormat('en', { type: 'disjunction' })
  const parts = [
    languages && `in ${or.format(languages.map(languageName))}`,
    property && (value === null ? `and tells “${property}”` : `and tells “${property}” = “${value}”`),
  ].filter(Boolean)
  return parts.length ? `Who signs up ${parts.join(' ')}.` : 'Everybody who signs up.'
}
