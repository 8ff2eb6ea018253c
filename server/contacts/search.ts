import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'

/** Conditions on `contact_search`, one for each word of what somebody typed; all must hold. None: nothing was asked. */
export function searchWords(sql: Sql, q: string | undefined): postgres.Fragment[] {
  return wordsOf(q).map(word => matchOf(sql, word))
}

/** A word of less than three letters is found at the beginning of a word only, because trigrams find no others. */
function matchOf(sql: Sql, word: string) {
  const pattern = word.replace(/[\\%_]/g, '\\$&')
  return [...word].length < 3
    ? sql`and (words like ${`${pattern}%`} or words like ${`% ${pattern}%`})`
    : sql`and words like ${`%${pattern}%`}`
}

/** All of them must be there. A phone is searched for as it is stored, without what people write between its digits. */
function wordsOf(q = ''): string[] {
  const text = q.trim().toLowerCase().normalize('NFC')
  if (isDialled(text)) return [text.replace(/[^\d+]/g, '')]
  return text.split(/\s+/).filter(Boolean).slice(0, 8)
}

/** Written as a phone, or the beginning or the end of one. */
export function isDialled(text: string): boolean {
  return /^\+?[\d\s().-]{5,}$/.test(text.trim())
}
