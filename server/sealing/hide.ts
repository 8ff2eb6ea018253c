import { findPersonal } from './find.ts'

/** For what is written beside the database and read by people: each e-mail and phone of a text, also of JSON, as three dots. */
export function hidePersonal(text: string): string {
  let [whole, at] = ['', 0]
  for (const span of findPersonal(text)) {
    whole += text.slice(at, span.at) + (span.is_number ? '"…"' : '…')
    at = span.end
  }
  return whole + text.slice(at)
}
