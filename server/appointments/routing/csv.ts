/**
 * The rows of a file of comma-separated values (RFC 4180): quotes, commas and line breaks in quotes, a byte order mark. A file that has
 * semicolons and no comma in its first line is one of the many that spreadsheets write in Europe. Empty lines are left out; `line` is where a
 * row begins, from 1.
 */
export function readCsv(text: string): { line: number; cells: string[] }[] {
  const file = text.replace(/^\uFEFF/, '')
  const first = file.slice(0, file.search(/[\r\n]|$/))
  const comma = first.includes(';') && !first.includes(',') ? ';' : first.includes('\t') && !first.includes(',') ? '\t' : ','
  const rows: { line: number; cells: string[] }[] = []
  let [cells, cell, is_quoted, line, begun] = [[] as string[], '', false, 1, 1]
  const endRow = () => {
    cells.push(cell)
    if (cells.some(one => one.trim() !== '')) rows.push({ line: begun, cells })
    cells = []
    cell = ''
  }
  for (let k = 0; k < file.length; k++) {
    const letter = file[k]!
    if (letter === '\n') line++
    if (is_quoted) {
      if (letter !== '"') cell += letter
      else if (file[k + 1] === '"') cell += file[k++]
      else is_quoted = false
    } else if (letter === '"' && cell.trim() === '') {
      cell = ''
      is_quoted = true
    } else if (letter === comma) {
      cells.push(cell)
      cell = ''
    } else if (letter === '\n') {
      endRow()
      begun = line
    } else if (letter !== '\r') cell += letter
  }
  endRow()
  return rows
}

/** The first column, without its heading. */
export function areasIn(text: string): string[] {
  const values = readCsv(text).map(({ cells }) => cells[0]!.trim())
  return HEADINGS.test(values[0] ?? '') ? values.slice(1) : values
}

const HEADINGS =
  /^(zips?|zip[ _-]?codes?|postal[ _-]?codes?|postcodes?|(zip[ _-]?)?prefix(es)?|states?|countr(y|ies)|code|codes|area|areas|value)$/i
