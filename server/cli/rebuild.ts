import { REBUILD } from '../rebuild.ts'
import { command, type Json } from './options.ts'
import { withDatabase } from './reach.ts'
import { note, say } from './say.ts'

export function rebuildCommand() {
  return command('rebuild', 'Make everything that is derived again from what was recorded.').action(async ({ json }: Json) => {
    const took = await withDatabase(async database => {
      const took: Record<string, number> = {}
      for (const [name, rebuild] of REBUILD) {
        const from = performance.now()
        await rebuild(database)
        took[name] = Math.round(performance.now() - from) / 1000
        note(`${name} ... ok (${took[name]} s)`)
      }
      return took
    })
    if (json) say({ rebuilt: took }, json)
  })
}
