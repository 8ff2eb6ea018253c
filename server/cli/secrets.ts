import { Command } from 'commander'
import { countSealed, reencrypt } from '../sealed.ts'
import { ringIds } from '../secrets.ts'
import { command, type Json } from './options.ts'
import { withDatabase } from './reach.ts'
import { note, say } from './say.ts'

export function secretsCommand() {
  const reencryptAll = command('reencrypt', 'Seal everything with the newest secret of SECRET_KEY.').action(
    async ({ json }: Json) => {
      const { counts, left, newest } = await withDatabase(async ({ system }, config) => ({
        counts: await reencrypt(system, config),
        left: await countSealed(system, config),
        newest: ringIds(config)[0],
      }))
      const unreadable = Object.values(counts).reduce((sum, count) => sum + count.unreadable, 0)
      if (json) say({ key: newest, ...left, counts }, json)
      else {
        for (const [place, count] of Object.entries(counts).filter(([, count]) => count.reencrypted + count.unreadable > 0))
          console.log(
            `${place}: ${count.reencrypted} sealed anew${count.unreadable > 0 ? `, ${count.unreadable} cannot be opened` : ''}`,
          )
        console.log(`${left.newest} are sealed with the newest secret (${newest})`)
      }
      if (unreadable === 0) return
      note(
        'What cannot be opened was sealed with a secret that is not in SECRET_KEY. Put it behind the newest, or set those values anew.',
      )
      process.exitCode = 1
    },
  )
  return new Command('secrets').description('What is kept sealed.').addCommand(reencryptAll)
}
