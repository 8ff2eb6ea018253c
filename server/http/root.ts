import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of the package, from the sources as from `dist`: where `db/`, `demo/` and what was built are found. */
export function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('package.json was not found above the server')
    folder = dirname(folder)
  }
  return folder
}
