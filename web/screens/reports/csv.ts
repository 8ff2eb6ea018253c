import { type Cell, csvOf } from '../../../shared/csv.ts'
import { saveFile } from '../../ui/saveFile.ts'

/** Lets the browser save it. The mark at the beginning tells Excel that it is UTF-8. */
export function saveCsv(name: string, rows: Cell[][]) {
  saveFile(name, new Blob(['\uFEFF', csvOf(rows)], { type: 'text/csv;charset=utf-8' }))
}
