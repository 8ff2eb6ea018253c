import { randomBytes } from 'node:crypto'
import { Command, Option } from 'commander'
import type { Config } from '../config.ts'
import type { Database } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { makeLink } from '../workspaces/sign-in/reset.ts'
import { switchTotpOff } from '../workspaces/sign-in/totp.ts'
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
  return new Command('user').description('The people who work here.').addCommand(create).addCommand(resetCommand())
}

function resetCommand() {
  return command('reset', 'Make a link behind which somebody chooses a new password, once and within an hour.')
    .requiredOption('--email <address>', 'whose')
    .option('--totp', 'switch their second step off too: for whoever lost the phone and every recovery code')
    .action(async ({ json, email, totp = false }: Json & { email: string; totp?: boolean }) => {
      say(await withDatabase((database, config) => resetUser(database, config, email.trim().toLowerCase(), totp)), json)
    })
}

async function resetUser({ system }: Database, config: Config, email: string, totp: boolean) {
  return system.begin(async sql => {
    const [user] = await sql<{ id: number }[]>`select id from users where email = ${email}`
    if (!user) throw refuse('not_found', { message: `Nobody has the e-mail ${email} here.` })
    if (totp) await switchTotpOff(sql, user.id, { kind: 'system', id: null, name: 'command line' })
    return { email, link: await makeLink(sql, config, user.id) }
  })
}

/** With a password that is made up when none is given; somebody known keeps theirs, so then there is none to show. */
async function addUser(database: Database, user: NewUser) {
  const [known] = await database.system`select from users where email = ${user.email.trim().toLowerCase()}`
  const made = known || user.password !== undefined ? {} : { password: randomBytes(12).toString('base64url') }
  return { ...(await createUser(database, { ...user, ...made })), ...made }
}
