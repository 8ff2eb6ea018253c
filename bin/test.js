import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browser, packages, prepare, root, script, server, tracker, web } from './setup.js'
import { loudly, programOf } from './spawn.js'

// npm test: every test, the browser's included. `npm test -- server/queue` runs those whose path contains that.

await script(async () => {
  await prepare(packages, [server, web, tracker], browser)
  const folder = mkdtempSync(join(tmpdir(), 'throughline-report-'))
  const report = join(folder, 'report.json')
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await loudly(process.execPath, [programOf(root, 'vitest'), 'run', ...flags, ...process.argv.slice(2)], {
    cwd: root,
  })
  const { passed, failed } = count(report)
  rmSync(folder, { recursive: true, force: true })
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = code || (failed > 0 ? 1 : 0)
})

/** A file that could not even be read holds no test that could fail, so it counts as one. */
function count(report) {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const unreadable = testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + unreadable.length }
}
