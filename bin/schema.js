import { packages, prepare, root, script } from './setup.js'
import { loudly, programOf } from './spawn.js'

// node bin/schema.js: writes db/schema.sql anew, after a migration was added. With --check it only compares.

await script(async () => {
  await prepare(packages)
  const args = [programOf(root, 'tsx'), 'test/schema/write.ts', ...process.argv.slice(2)]
  process.exitCode = await loudly(process.execPath, args, { cwd: root })
})
