import { readTable, separatorOf } from '../../../shared/csv-reader.ts'

/** The rows of a file that is held as a whole, read as imports read theirs. `line` is the number that a spreadsheet shows beside it. */
export function readCsv(text: string): { line: number; cells: string[] }[] {
  const file = text.replace(/^\uFEFF/, '')
  const table = readTable(separatorOf(/[^\r\n]*/.exec(file)![0]))
  return [...table.push(file), ...table.end()].map(({ row, cells }) => ({ line: row, cells }))
}

/** The first column, without its heading. */
export function areasIn(text: string): string[] {
  const values = readCsv(text).map(({ cells }) => cells[0]?.trim() ?? '')
  return HEADINGS.test(values[0] ?? '') ? values.slice(1) : values
}

const HEADINGS =
  /^(zips?|zip[ _-]?codes?|postal[ _-]?codes?|postcodes?|(zip[ _-]?)?prefix(es)?|states?|countr(y|ies)|code|codes|area|areas|value)$/i
