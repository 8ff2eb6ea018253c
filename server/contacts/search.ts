import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'
import { searchesNames } from '../database/limits.ts'

/** Conditions on `contact_search`, one for each word of what somebody typed; all must hold. None: nothing was asked. */
export function searchWords(sql: Sql, q: string | undefined): postgres.Fragment[] {
  const words = wordsOf(q)
  const found = words.map(word => sql`and ${matchOf(sql, sql`words`, word)}`)
  return searchesNames() ? [...found, ...words.map(word => inName(sql, word))] : found
}

/** A word of less than three letters is found at the beginning of a word only, because trigrams find no others. */
function matchOf(sql: Sql, text: postgres.Fragment, word: string) {
  const pattern = word.replace(/[\\%_]/g, '\\$&')
  return [...word].length < 3
    ? sql`(${text} like ${`${pattern}%`} or ${text} like ${`% ${pattern}%`})`
    : sql`${text} like ${`%${pattern}%`}`
}

/** Asked of those who have the word anywhere, whom the index finds. */
function inName(sql: Sql, word: string) {
  return sql`
       and exists (select
                     from contacts n
                    where n.workspace_id = contact_search.workspace_id and n.id = contact_search.contact_id
                      and ${matchOf(sql, sql`lower(n.name)`, word)}
                   offset 0)`
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
