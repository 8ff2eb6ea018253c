import { packages, perform, prepare, root, script } from './setup.js'
import { bin } from './spawn.js'

// npm run check: everything that can be said of the code without running the product.

const checks = [
  { name: 'Format and lint', work: () => quiet('biome', 'ci', '--colors=off') },
  { name: 'Types', work: () => quiet('tsc', '--pretty', 'false') },
  { name: 'Order of imports', work: () => quiet('vitest', 'run', '--project', 'once', 'test/architecture') },
  { name: 'db/schema.sql is current', work: () => quiet('tsx', 'test/schema/write.ts', '--check') },
]

await script(async () => {
  await prepare(packages)
  let failed = 0
  for (const check of checks)
    await perform(check).catch(error => {
      console.error(error.message)
      failed++
    })
  console.log(`${checks.length - failed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
})

async function quiet(program, ...args) {
  await bin(root, program, args)
}
