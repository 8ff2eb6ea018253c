import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browser, packages, prepare, root, script, server, tracker, web } from './setup.js'
import { loudly, programOf } from './spawn.js'

// npm run faults: the tests of reliability and of the walls at full size; `npm test` runs the same ones small. Prints what was
// measured. `npm run faults -- kill` runs those whose path contains that; FAULTS_SEED=7 lets chance fall otherwise.

const TESTS = [
  ...['test/faults', 'test/fuzz', 'test/wall', 'server/http/idempotency'],
  ...['server/egress/', 'server/webhooks/sign.', 'server/webhooks/secrets.'], // where the server may call, and what it signs
]

await script(async () => {
  await prepare(packages, [server, web, tracker], browser)
  const folder = mkdtempSync(join(tmpdir(), 'throughline-faults-'))
  const figures = join(folder, 'figures')
  writeFileSync(figures, '')
  const given = process.argv.slice(2)
  const args = [
    ...[programOf(root, 'vitest'), 'run', ...(given.some(one => !one.startsWith('-')) ? given : [...TESTS, ...given])],
    // Once, on the embedded database; one file at a time, because each is after the machine's whole attention.
    ...['--project', 'once', '--project', 'embedded', '--no-file-parallelism', '--testTimeout', '3600000'],
  ]
  process.exitCode = await loudly(process.execPath, args, {
    cwd: root,
    env: { ...process.env, FAULTS: 'full', FAULTS_FIGURES: figures },
  })
  console.log(`\n${readFileSync(figures, 'utf8')}`)
  rmSync(folder, { recursive: true, force: true })
})
