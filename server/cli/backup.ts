import { resolve } from 'node:path'
import { type Backup, backUp } from '../database/backup.ts'
import { command, type Json } from './options.ts'
import { withUrl } from './reach.ts'
import { note, say } from './say.ts'

export function backupCommand() {
  return command('backup', 'Write the whole database into one file, while the server runs or not.')
    .argument('[file]', 'where to', `throughline-${new Date().toISOString().slice(0, 16).replaceAll(':', '')}.backup.gz`)
    .action(async (file: string, { json }: Json) => {
      const backup: Backup = await withUrl(url => backUp(url, resolve(file), note))
      note('The keys in the home folder (secret_key) or SECRET_KEY are not in it. Keep them too, in another place.')
      say({ file: resolve(file), ...backup }, json)
    })
}
