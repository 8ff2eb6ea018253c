import { resolve } from 'node:path'
import { restore } from '../database/restore.ts'
import { command, type Json } from './options.ts'
import { migrationsFolder, withUrl } from './reach.ts'
import { note, say } from './say.ts'

export function restoreCommand() {
  return command('restore', 'Read a backup into an empty database and bring it to the newest version.')
    .argument('<file>', 'what `throughline backup` wrote')
    .action(async (file: string, { json }: Json) => {
      say(await withUrl(url => restore(url, resolve(file), migrationsFolder(), note)), json)
    })
}
