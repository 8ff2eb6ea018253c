/** A row of a file: `row` is the number that a spreadsheet shows beside it. With a problem its cells are lost. */
export type ReadRow = { row: number; cells: string[]; problem?: string }

/** Characters of a row. A quote that is never closed ends there, so that a file of any length needs no more memory than this. */
const LONGEST_ROW = 1_000_000
const MOST_CELLS = 2000

/**
 * Reads a table (RFC 4180, and what spreadsheets make of it) in pieces of any length: quotes, separators and line breaks in quotes, all three
 * ends of lines. A quote within a word is a quote. Blank rows are counted and left out.
 */
export function readTable(separator: string) {
  let cells: string[] = []
  let cell = ''
  let [row, size] = [1, 0]
  let problem: string | undefined
  let state: 'bare' | 'quoted' | 'after_quote' = 'bare'
  let was_quoted = false
  let after_return = false
  const special = new RegExp(`[${separator.replace(/[\\\]^-]/, '\\$&')}"\r\n]`, 'g')

  function take(text: string) {
    size += text.length
    if (size > LONGEST_ROW) problem ??= `has more than ${LONGEST_ROW.toLocaleString('en')} characters. Is a quote not closed?`
    if (problem === undefined) cell += text
    else cell = ''
  }

  function endCell() {
    if (cells.length >= MOST_CELLS) problem ??= `has more than ${MOST_CELLS} cells`
    else cells.push(cell)
    cell = ''
    was_quoted = false
  }

  function endRow(): ReadRow | undefined {
    endCell()
    const is_blank = problem === undefined && cells.every(one => one.trim() === '')
    const read = is_blank ? undefined : problem === undefined ? { row, cells } : { row, cells: [], problem }
    row++
    cells = []
    size = 0
    problem = undefined
    state = 'bare'
    return read
  }

  function push(text: string): ReadRow[] {
    const rows: ReadRow[] = []
    let k = 0
    while (k < text.length) {
      if (state === 'quoted') {
        const end = text.indexOf('"', k)
        take(end < 0 ? text.slice(k) : text.slice(k, end))
        if (end < 0) break
        state = 'after_quote'
        k = end + 1
        continue
      }
      const letter = text[k]!
      if (state === 'after_quote') {
        state = letter === '"' ? 'quoted' : 'bare'
        if (letter === '"') {
          take('"')
          k++
          continue
        }
      }
      if (after_return && letter === '\n') {
        after_return = false
        k++
        continue
      }
      after_return = false
      special.lastIndex = k
      const at = special.exec(text)?.index ?? text.length
      if (at > k) take(text.slice(k, at))
      if (at === text.length) break
      k = at + 1
      if (text[at] === separator) endCell()
      else if (text[at] === '"') {
        if (!was_quoted && cell.trim() === '') {
          cell = ''
          was_quoted = true
          state = 'quoted'
        } else take('"')
      } else {
        after_return = text[at] === '\r'
        const read = endRow()
        if (read) rows.push(read)
      }
    }
    return rows
  }

  /** What stands after the last line break. */
  function end(): ReadRow[] {
    const read = endRow()
    return read ? [read] : []
  }

  return { push, end }
}

/** What separates the cells of a heading: the most frequent of the usual ones, outside of quotes. */
export function separatorOf(heading: string): string {
  const bare = heading.replace(/"[^"]*"?/g, '')
  const counts = [',', ';', '\t', '|'].map(one => [one, bare.split(one).length] as const)
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}
