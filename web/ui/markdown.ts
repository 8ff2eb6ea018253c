export type Block = { kind: 'text' | 'numbers' | 'points'; texts: string[] }
export type Piece = { kind: 'text' | 'code' | 'bold'; text: string }

const ITEM = /^\s*(?:(\d+)\.|[-*])\s+/

/** The little Markdown that instructions are written in: paragraphs and lists, whose lines go on until the next one begins. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let fresh = true
  for (const line of text.trim().split('\n')) {
    const item = ITEM.exec(line)
    const kind = item ? (item[1] ? 'numbers' : 'points') : 'text'
    const said = line.replace(ITEM, '').trim()
    const last = blocks.at(-1)
    if (!said) fresh = true
    else if (item && last?.kind === kind) last.texts.push(said)
    else if (item || fresh || !last) blocks.push({ kind, texts: [said] })
    else last.texts.push(`${last.texts.pop()} ${said}`)
    if (said) fresh = false
  }
  return blocks
}

/** Code between backticks and bold between two stars, with the words around them. */
export function piecesOf(text: string): Piece[] {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter(Boolean)
    .map(part => {
      if (part.startsWith('`') && part.endsWith('`') && part.length > 2) return { kind: 'code', text: part.slice(1, -1) }
      if (part.startsWith('**') && part.endsWith('**')) return { kind: 'bold', text: part.slice(2, -2) }
      return { kind: 'text', text: part }
    })
}
