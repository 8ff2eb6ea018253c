import { Command, CommanderError } from 'commander'
import { note, reasonOf } from './say.ts'

// Exit codes: 0, 1 when it failed, 2 when it was called in a wrong way.

/** In the order of the help. Each is a file of its own, which is read when it is called: all of them are the whole server. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  workspace: async () => (await import('./workspace.ts')).workspaceCommand(),
  user: async () => (await import('./user.ts')).userCommand(),
  key: async () => (await import('./key.ts')).keyCommand(),
  sql: async () => (await import('./sql.ts')).sqlCommand(),
  demo: async () => (await import('./demo.ts')).demoCommand(),
  crm: async () => (await import('./crm.ts')).crmCommand(),
  contact: async () => (await import('./privacy.ts')).contactCommand(),
  privacy: async () => (await import('./privacy.ts')).privacyCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  secrets: async () => (await import('./secrets.ts')).secretsCommand(),
  rebuild: async () => (await import('./rebuild.ts')).rebuildCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
}

const program = new Command('throughline')
  .description('Follows a person from the first page view to revenue. Every command has --help.')
  .helpCommand(false)

const name = process.argv[2] ?? ''
const called = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
// Whoever calls none, or one that is not there, is told of all.
for (const command of called ? [called] : Object.values(COMMANDS)) program.addCommand(await command())

try {
  await throwing(program).parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    note(reasonOf(error))
    process.exitCode = 1
  }
}

/** Commander would end the process by itself, with 1, before anything is closed. */
function throwing(command: Command): Command {
  command.exitOverride()
  for (const child of command.commands) throwing(child)
  return command
}
