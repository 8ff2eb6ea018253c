import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../test/app.ts'

let env: NodeJS.ProcessEnv
beforeAll(async () => {
  const { url } = await freshDatabase()
  const home = await mkdtemp(join(tmpdir(), 'throughline-home-'))
  env = { ...process.env, DATABASE_URL: url, THROUGHLINE_HOME: home, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' }
})
afterAll(() => rm(env.THROUGHLINE_HOME!, { recursive: true, force: true }))

/** Runs a line in a shell until it has said what is waited for. */
async function run(line: string, settings: NodeJS.ProcessEnv, patience: RegExp) {
  const shell = spawn('sh', ['-c', line], { env: { ...env, ...settings } })
  const ended = new Promise<number | null>(resolve => shell.on('exit', resolve))
  let said = ''
  const match = await new Promise<RegExpMatchArray | null>(resolve => {
    const listen = (chunk: Buffer) => {
      said += chunk
      const match = said.match(patience)
      if (match) resolve(match)
    }
    shell.stdout.on('data', listen)
    shell.stderr.on('data', listen)
    void ended.then(() => resolve(said.match(patience)))
  })
  return { shell, ended, match }
}

// npm puts a shell between itself and the script, and such a shell passes no signal on.
test('the server goes when only the npm that started it is stopped', async () => {
  const { shell, match } = await run('node bin/start.js; true', { npm_lifecycle_event: 'start' }, /Address +(http:\S+)/)
  const health = `${match![1]}/health`
  expect((await fetch(health)).status).toBe(200)
  shell.kill('SIGTERM')
  await expect
    .poll(
      () =>
        fetch(health).then(
          () => 'there',
          () => 'gone',
        ),
      { timeout: 20_000 },
    )
    .toBe('gone')
})

test('a benchmark that does not exist is answered with those that do', async () => {
  const { ended, match } = await run('node bin/bench.js nonsense', {}, /Which one\? (.*)/)
  expect(await ended).toBe(2)
  expect(match![1]).toContain('[--json]')
})
