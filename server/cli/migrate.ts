import { migrate } from '../database/migrate.ts'
import { command, type Json } from './options.ts'
import { migrationsFolder, withUrl } from './reach.ts'
import { say } from './say.ts'

export function migrateCommand() {
  return command('migrate', 'Bring the database to the newest version. `start` does it too.').action(async ({ json }: Json) => {
    const applied = await withUrl(url => migrate(url, migrationsFolder()))
    if (json) say({ applied }, json)
    else console.log(applied.length ? `Applied ${applied.join(', ')}.` : 'Nothing to do: the database is at the newest version.')
  })
}
