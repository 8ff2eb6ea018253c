import { randomBytes } from 'node:crypto'
import { Command, Option } from 'commander'
import type { Database } from '../database/connect.ts'
import { createUser, type NewUser } from '../workspaces/users.ts'
import { command, type Json, workspaceOption } from './options.ts'
import { withDatabase } from './reach.ts'
import { say } from './say.ts'

const ROLES: NewUser['role'][] = ['owner', 'admin', 'manager', 'agent', 'analyst']

type Options = Json & Omit<NewUser, 'workspace_id'> & { workspace: number }

export function userCommand() {
  const create = command('create', 'Make a user and a member of a workspace. Who has a user already only becomes a member.')
    .requiredOption('--email <address>', 'to sign in with')
    .requiredOption('--name <name>', 'first and last name')
    .addOption(workspaceOption())
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory())
    .option('--password <password>', 'to sign in with; without it one is made and shown')
    .action(async ({ json, workspace, ...user }: Options) => {
      say(await withDatabase(database => addUser(database, { ...user, workspace_id: workspace })), json)
    })
  return new Command('user').description('The people who work here.').addCommand(create)
}

/** With a password that is made up when none is given; somebody known keeps theirs, so then there is none to show. */
async function addUser(database: Database, user: NewUser) {
  const [known] = await database.system`select from users where email = ${user.email.trim().toLowerCase()}`
  const made = known || user.password !== undefined ? {} : { password: randomBytes(12).toString('base64url') }
  return { ...(await createUser(database, { ...user, ...made })), ...made }
}
