import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { systemPrograms } from './test/databases/system.ts'

// What concerns no database, or only the embedded one itself, runs once. Everything else runs on both PostgreSQLs.
const ONCE = [
  'e2e/**/*.test.ts',
  'bin/**/*.test.ts',
  'shared/**/*.test.ts',
  'tracker/**/*.test.ts',
  'web/**/*.test.{ts,tsx}',
  'server/config.test.ts',
  'server/main.test.ts',
  'server/database/embedded{.test.ts,/**/*.test.ts,*.test.ts}',
  'server/egress/**/*.test.ts',
  'server/crm/connectors/**/*.test.ts',
  'test/architecture.test.ts',
  'test/faults/**/*.test.ts',
]

// What asks the database nothing of its own: it computes, waits for others, or goes, at random or at length, through verbs whose
// own tests run on both. The embedded one is enough.
const ON_ONE = [
  'server/**/*.property.test.ts',
  'server/appointments/calendars/{busy,expand}.test.ts',
  'server/cli/{cli,crm}.test.ts',
  'server/crm/runs/validate/states.test.ts',
  'server/intake/formats/formats.test.ts',
  'server/mail/post.test.ts',
  'server/webhooks/{catalogue,filter,ledger,message-id,origins,rate,retry,sign,wants,write-body}.test.ts',
  'test/fuzz.test.ts',
]

const system = systemPrograms()
if (!system) console.error('No PostgreSQL server is installed in /usr/lib/postgresql: the tests run on the embedded one only.')

export default defineConfig({
  test: {
    // Tests wait for the database more than they compute, so even two cores have work for three.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      onBoth('embedded', './test/databases/embedded.ts'),
      ...(system ? [onBoth(`system-${system.major}`, './test/databases/system.ts', ON_ONE)] : []),
      project('once', './test/databases/embedded.ts', ONCE, [], false),
    ],
  },
})

function onBoth(name: string, database: string, but: string[] = []) {
  return project(name, database, ['server/**/*.test.ts', 'test/**/*.test.ts'], [...ONCE, ...but], false)
}

/** Files that are not isolated share what they import: the server is read once in each worker instead of for each file. */
function project(name: string, database: string, include: string[], exclude: string[], isolate = true): TestProjectConfiguration {
  return {
    test: {
      name,
      include,
      exclude: ['node_modules/**', 'dist/**', ...exclude],
      globalSetup: database,
      setupFiles: './test/close.ts',
      isolate,
      // Of a test that hangs. A busy machine may take its time.
      testTimeout: 120_000,
      hookTimeout: 240_000,
      expect: { poll: { timeout: 40_000 } },
    },
  }
}
