import { Command } from 'commander'
import { createWorkspace } from '../workspaces/create.ts'
import { command, type Json } from './options.ts'
import { withDatabase } from './reach.ts'
import { say } from './say.ts'

type Options = Json & { organization?: string }

export function workspaceCommand() {
  const create = command('create', 'Make a workspace with a write and a secret key. The secret key is shown only now.')
    .argument('<name>', 'what people call it')
    .option('--organization <name>', 'found by its name, or made')
    .action(async (name: string, { json, ...organization }: Options) => {
      say(await withDatabase(database => createWorkspace(database, { name, ...organization })), json)
    })
  return new Command('workspace').description('The tenants.').addCommand(create)
}
