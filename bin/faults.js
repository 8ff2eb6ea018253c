import { browser, packages, prepare, root, script, server, tracker, web } from './setup.js'
import { loudly, programOf } from './spawn.js'

// npm run faults: the tests of reliability at full size. `npm test` runs the same ones small.

await script(async () => {
  await prepare(packages, [server, web, tracker], browser)
  const env = { ...process.env, FAULTS: 'full' }
  const args = [
    programOf(root, 'vitest'),
    'run',
    'test/faults',
    '--project',
    'once',
    '--testTimeout',
    '3600000',
    ...process.argv.slice(2),
  ]
  process.exitCode = await loudly(process.execPath, args, { cwd: root, env })
})
