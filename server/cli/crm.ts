import { basename, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command, Option } from 'commander'
import type postgres from 'postgres'
import { MEMBER_STATES } from '../../shared/crm.ts'
import { replayLog } from '../crm/replay-log.ts'
import { EXPORTED, type Exported, readExport } from '../crm/runs/export.ts'
import { findRun } from '../crm/runs/list.ts'
import { resumeRun, startRun } from '../crm/runs/start.ts'
import { finalize } from '../crm/runs/validate/finalize.ts'
import { inWorkspace } from '../database/transaction.ts'
import { csvLines } from '../http/csv.ts'
import { followRun, OPERATOR } from './crm/follow.ts'
import { command, type Json, whole, workspaceOption } from './options.ts'
import { withDatabase } from './reach.ts'
import { say } from './say.ts'

type Of<T> = Json & { workspace: number } & T

export function crmCommand() {
  return new Command('crm')
    .description('Moving from one CRM to another, and what is kept when something is away.')
    .addCommand(validateCommand())
    .addCommand(exportCommand())
    .addCommand(finalizeCommand())
    .addCommand(replayCommand())
    .addCommand(sustainersCommand())
    .addCommand(loadCommand())
}

function validateCommand() {
  return command('validate', 'Ask a CRM for every member who has an id of another one. Ctrl-C stops it; --run goes on.')
    .addOption(workspaceOption())
    .addOption(numbered('--from <connection>', 'whose ids the members have'))
    .addOption(numbered('--to <connection>', 'which is asked'))
    .addOption(numbered('--run <id>', 'goes on with this run instead').conflicts(['from', 'to']))
    .action(async ({ json, workspace, from, to, run }: Of<{ from?: number; to?: number; run?: number }>, self: Command) => {
      if (run === undefined && (from === undefined || to === undefined)) self.error('error: give --from and --to, or --run')
      const wish = { kind: 'validate', connection_id: to!, from_connection_id: from! } as const
      await followRun(workspace, sql => (run ? goOn(sql, workspace, run) : startRun(sql, workspace, wish, OPERATOR)), json)
    })
}

function exportCommand() {
  return command('export', 'Write the members of a run as CSV to the standard output; with --json as one array.')
    .addOption(workspaceOption())
    .addOption(numbered('--run <id>', 'which run').makeOptionMandatory())
    .addOption(new Option('--state <state>', 'only those in this state').choices(MEMBER_STATES))
    .option('--csv', 'as CSV, which is meant anyway')
    .action(async ({ json, workspace, run, state }: Of<{ run: number; state?: (typeof MEMBER_STATES)[number] }>) => {
      await withDatabase(async database => {
        await inWorkspace(database, workspace, sql => findRun(sql, workspace, run))
        const read = (next: { cursor?: string }) =>
          inWorkspace(database, workspace, sql => readExport(sql, workspace, run, { ...next, ...(state && { state }) }))
        if (json) console.log(JSON.stringify(await all(read)))
        else await pipeline(Readable.from(csvLines<Exported>(EXPORTED, read)), process.stdout, { end: false })
      })
    })
}

async function all(read: (next: { cursor?: string }) => ReturnType<typeof readExport>): Promise<Exported[]> {
  const members: Exported[] = []
  for (let next: { cursor?: string } | null = {}; next; ) {
    const { data, next_cursor }: Awaited<ReturnType<typeof read>> = await read(next)
    members.push(...data)
    next = next_cursor === null ? null : { cursor: next_cursor }
  }
  return members
}

function finalizeCommand() {
  return command('finalize', 'End a migration: drop the old ids, once everybody was found, and switch the old connection off.')
    .addOption(workspaceOption())
    .addOption(numbered('--run <id>', 'the walk over its members').makeOptionMandatory())
    .action(async ({ json, workspace, run }: Of<{ run: number }>) => {
      say(await withDatabase(database => finalize(database, workspace, run, OPERATOR)), json)
    })
}

function replayCommand() {
  return command('replay-log', 'Load what the database did not take, from the folder `crm` of the home folder.').action(
    async ({ json }: Json) => {
      say(await withDatabase((database, config) => replayLog(database.system, join(config.home, 'crm'))), json)
    },
  )
}

function sustainersCommand() {
  return command('sync-sustainers', 'Read who sustains, as every week, and wait for it.')
    .addOption(workspaceOption())
    .addOption(numbered('--connection <id>', 'whose sustainers'))
    .addOption(numbered('--run <id>', 'goes on with this run instead').conflicts('connection'))
    .option('--force', 'end those who are missing although the read looks wrong')
    .action(
      async (
        { json, workspace, connection, run, force = false }: Of<{ connection?: number; run?: number; force?: boolean }>,
        self: Command,
      ) => {
        if (run === undefined && connection === undefined) self.error('error: give --connection, or --run')
        const wish = { kind: 'sustainers', connection_id: connection!, force } as const
        await followRun(workspace, sql => (run ? goOn(sql, workspace, run) : startRun(sql, workspace, wish, OPERATOR)), json)
      },
    )
}

function loadCommand() {
  return command('load-log', 'Tell a CRM what was written to a log instead. What it knows already is not told again.')
    .addOption(workspaceOption())
    .option('--file <path>', 'what the log wrote: log-<workspace>-<connection>.jsonl in the folder `crm` of the home folder')
    .addOption(numbered('--to <connection>', 'which is told'))
    .addOption(numbered('--run <id>', 'goes on with this run instead').conflicts(['file', 'to']))
    .action(async ({ json, workspace, file, to, run }: Of<{ file?: string; to?: number; run?: number }>, self: Command) => {
      if (run === undefined && (file === undefined || to === undefined)) self.error('error: give --file and --to, or --run')
      const [, owner = workspace] = /^log-(\d+)-\d+\.jsonl$/.exec(basename(file ?? '')) ?? []
      if (Number(owner) !== workspace) self.error(`error: ${file} is the log of workspace ${owner}`)
      const wish = { kind: 'load_log', connection_id: to!, settings: { file: resolve(file ?? '') } } as const
      await followRun(workspace, sql => (run ? goOn(sql, workspace, run) : startRun(sql, workspace, wish, OPERATOR)), json)
    })
}

/** One that is under way is only followed: the process that began it may have been killed. */
async function goOn(sql: postgres.TransactionSql, workspace_id: number, id: number) {
  const run = await findRun(sql, workspace_id, id)
  return run.state === 'running' ? run : resumeRun(sql, workspace_id, id)
}

function numbered(flags: string, description: string) {
  return new Option(flags, description).argParser(whole)
}
