import { Command, InvalidArgumentError, Option } from 'commander'
import type { KeyCreate } from '../../shared/workspaces.ts'
import { refuse } from '../errors.ts'
import { ALL_SCOPES, createKey } from '../workspaces/keys.ts'
import { command, type Json, workspaceOption } from './options.ts'
import { withDatabase } from './reach.ts'
import { say } from './say.ts'

type Options = Json & KeyCreate & { workspace: number }

const OPERATOR = { kind: 'system', id: null, name: 'command line' } as const

export function keyCommand() {
  const create = command('create', 'Make a key. The whole of a secret key is shown only now.')
    .addOption(workspaceOption())
    .addOption(
      new Option('--kind <kind>', 'write: for pages, public; secret: for servers')
        .choices(['write', 'secret'])
        .makeOptionMandatory(),
    )
    .option('--scopes <list>', `of a secret key, separated by commas: ${ALL_SCOPES.join(', ')}`, scopes)
    .option('--name <name>', 'what it is for', 'Command line')
    .action(async ({ json, workspace, ...key }: Options) => {
      const made = await withDatabase(async database => {
        const [known] = await database.system`select from workspaces where id = ${workspace}`
        if (!known) throw refuse('not_found', { message: `There is no workspace ${workspace}.` })
        return createKey(database, workspace, key, OPERATOR)
      })
      const { id, kind, name, prefix, scopes } = made
      say({ id, workspace_id: workspace, kind, name, prefix, scopes, key: made.key }, json)
    })
  return new Command('key').description('What pages and servers sign in with.').addCommand(create)
}

function scopes(text: string): NonNullable<KeyCreate['scopes']> {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(word => {
      const scope = ALL_SCOPES.find(scope => scope === word)
      if (!scope) throw new InvalidArgumentError(`"${word}" is none of ${ALL_SCOPES.join(', ')}.`)
      return scope
    })
}
