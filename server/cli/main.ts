import { Command, CommanderError } from 'commander'
import { auditCommand } from './audit.ts'
import { backupCommand } from './backup.ts'
import { crmCommand } from './crm.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { keyCommand } from './key.ts'
import { migrateCommand } from './migrate.ts'
import { contactCommand, privacyCommand } from './privacy.ts'
import { rebuildCommand } from './rebuild.ts'
import { restoreCommand } from './restore.ts'
import { note, reasonOf } from './say.ts'
import { secretsCommand } from './secrets.ts'
import { sqlCommand } from './sql.ts'
import { startCommand } from './start.ts'
import { userCommand } from './user.ts'
import { workspaceCommand } from './workspace.ts'

// Exit codes: 0, 1 when it failed, 2 when it was called in a wrong way.

const program = new Command('throughline')
  .description('Follows a person from the first page view to revenue. Every command has --help.')
  .helpCommand(false)
  .addCommand(startCommand())
  .addCommand(migrateCommand())
  .addCommand(workspaceCommand())
  .addCommand(userCommand())
  .addCommand(keyCommand())
  .addCommand(sqlCommand())
  .addCommand(demoCommand())
  .addCommand(crmCommand())
  .addCommand(contactCommand())
  .addCommand(privacyCommand())
  .addCommand(auditCommand())
  .addCommand(secretsCommand())
  .addCommand(rebuildCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(doctorCommand())

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
