import type { CrmLinkPut } from '../../../../shared/crm.ts'

type Line = { line: number; link: CrmLinkPut }
type Refused = { line: number; text: string; message: string }

const HEADINGS = new Set(['email', 'e-mail', 'contact', 'contact_id', 'user', 'user_id'])

/** Lines of a sheet or a paste: who, then their id in the other system. Who they are is an e-mail, our contact id, or a user id. */
export function readIds(text: string): { lines: Line[]; refused: Refused[] } {
  const lines: Line[] = []
  const refused: Refused[] = []
  for (const [index, text_of_line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const [who = '', external_id = ''] = text_of_line.split(/[,;\t]/).map(bare)
    const line = index + 1
    if (!who && !external_id) continue
    if (lines.length + refused.length === 0 && HEADINGS.has(who.toLowerCase())) continue
    if (who && external_id) lines.push({ line, link: { ...whoIs(who), external_id } })
    else refused.push({ line, text: text_of_line, message: external_id ? 'names nobody' : 'has no id' })
  }
  return { lines, refused }
}

const bare = (cell: string) =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()

function whoIs(who: string): Omit<CrmLinkPut, 'external_id'> {
  if (who.includes('@')) return { email: who }
  if (/^\d{1,9}$/.test(who)) return { contact_id: Number(who) }
  return { user_id: who }
}
