import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { inWorkspace } from '../database/transaction.ts'
import { archiveOf, noteArchive } from '../privacy/archive.ts'
import { findErasure } from '../privacy/list.ts'
import { reapply } from '../privacy/reapply.ts'
import { scan } from '../privacy/scan.ts'
import { readAsked, startErasure } from '../privacy/start.ts'
import { startErasing } from '../privacy/work.ts'
import { command, type Json, whole, workspaceOption } from './options.ts'
import { withDatabase } from './reach.ts'
import { note, say } from './say.ts'

const OPERATOR = { kind: 'system', id: null, name: 'command line' } as const

type Whom = Json & { workspace: number; id?: number; email?: string; phone?: string }

/** What one person may ask for. */
export function contactCommand() {
  return new Command('contact')
    .description('One person: everything that is known of them.')
    .addCommand(exportCommand())
    .addCommand(eraseCommand())
}

/** What an operator does about all of them. */
export function privacyCommand() {
  return new Command('privacy')
    .description('Proof that somebody was erased, also after a restore.')
    .addCommand(scanCommand())
    .addCommand(reapplyCommand())
}

function exportCommand() {
  return whom('export', 'Write everything that is known of somebody, as lines of JSON.')
    .option('--out <path>', 'the file (default: standard output)')
    .action(async ({ workspace, out, ...given }: Whom & { out?: string }) => {
      await withDatabase(async database => {
        const asked = await readAsked(database.system, workspace, subjectOf(given))
        await noteArchive(database.system, workspace, asked, OPERATOR)
        const lines = Readable.from(archiveOf(database.system, workspace, asked))
        if (out === undefined) await pipeline(lines, process.stdout, { end: false })
        else await pipeline(lines, createWriteStream(out, { mode: 0o600 }))
      })
    })
}

function eraseCommand() {
  return whom('erase', 'Erase somebody, everywhere, and wait for it. It cannot be undone.')
    .option('--reason <text>', 'why; it is kept, so name nobody in it')
    .action(async ({ workspace, json, reason, ...given }: Whom & { reason?: string }) => {
      const run = await withDatabase(async (database, config) => {
        const { id } = await inWorkspace(database, workspace, sql =>
          startErasure(sql, workspace, { ...subjectOf(given), ...(reason !== undefined && { reason }) }, OPERATOR),
        )
        const worker = startErasing({ sql: database.system, config, log: { warn: () => {} } })
        try {
          for (;;) {
            const run = await findErasure(database.system, workspace, id)
            if (run.state !== 'running') return run
            await sleep(200)
          }
        } finally {
          await worker.stop()
        }
      })
      const { id, state, counts, warning, error } = run
      say(json ? { id, state, counts, warning, error } : { id, state, ...counts }, json)
      for (const sentence of [warning, error]) if (sentence !== null) note(sentence)
      if (state !== 'done') process.exitCode = 1
    })
}

function scanCommand() {
  return command('scan', 'Look for values in every column of every table. Exit code 1 when one is found.')
    .requiredOption('--value <text...>', 'what must not be there: an e-mail, a phone, a name')
    .action(async ({ json, value }: Json & { value: string[] }) => {
      const found = await withDatabase(database => scan(database.system, value))
      if (json) console.log(JSON.stringify({ found }))
      else for (const { table, column, rows } of found) console.log(`${table}.${column}  ${rows}`)
      if (!json && found.length === 0) console.log('Nothing was found.')
      if (found.length > 0) process.exitCode = 1
    })
}

function reapplyCommand() {
  return command(
    'reapply',
    'After a restore: erase again whoever was erased since the backup. The file privacy/erasures.jsonl of the home folder says whom.',
  ).action(async ({ json }: Json) => {
    say(await withDatabase((database, config) => reapply(database, config, OPERATOR)), json)
  })
}

function whom(name: string, description: string) {
  return command(name, description)
    .addOption(workspaceOption())
    .option('--id <number>', 'number of the contact', whole)
    .option('--email <address>', 'an e-mail of theirs')
    .option('--phone <number>', 'a phone of theirs')
}

function subjectOf({ id, email, phone }: Pick<Whom, 'id' | 'email' | 'phone'>) {
  return {
    ...(id !== undefined && { contact_id: id }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
  }
}
