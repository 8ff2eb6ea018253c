import { Command, InvalidArgumentError, Option } from 'commander'
import type { KeyCreate } from '../../shared/workspaces.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { ALL_SCOPES, createKey, type KeyCreated } from '../workspaces/keys.ts'
import { rotateKey } from '../workspaces/rotate-key.ts'
import { command, type Json, whole, workspaceOption } from './options.ts'
import { withDatabase } from './reach.ts'
import { say } from './say.ts'

type Options = Json &
  Pick<KeyCreate, 'kind' | 'name' | 'scopes'> & { workspace: number; expires?: string; addresses?: string[]; rateLimit?: number }

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
    .option('--expires <time>', 'refused from then on: a day such as 2027-01-31, or a time', time)
    .option('--addresses <list>', 'taken from these only: addresses and ranges, separated by commas', words)
    .option('--rate-limit <number>', 'requests a minute, at most', whole)
    .action(async ({ json, workspace, expires, addresses, rateLimit, ...wanted }: Options) => {
      const key: KeyCreate = {
        ...wanted,
        expires_at: expires ?? null,
        allowed_ips: addresses ?? null,
        rate_limit: rateLimit ?? null,
      }
      const made = await withDatabase(async database => {
        await requireWorkspace(database, workspace)
        return createKey(database, workspace, key, OPERATOR)
      })
      tell(workspace, made, json)
    })
  return new Command('key').description('What pages and servers sign in with.').addCommand(create).addCommand(rotateCommand())
}

function rotateCommand() {
  return command('rotate', 'Make a key with the rights and limits of another one, which goes on for a while.')
    .addOption(workspaceOption())
    .requiredOption('--id <number>', 'of the key that is replaced', whole)
    .option('--overlap-hours <number>', 'how long the old one still holds: 0 to 720', hours, 24)
    .action(async ({ json, workspace, id, overlapHours }: Json & { workspace: number; id: number; overlapHours: number }) => {
      const made = await withDatabase(async database => {
        await requireWorkspace(database, workspace)
        return inWorkspace(database, workspace, sql => rotateKey(sql, workspace, id, overlapHours, OPERATOR))
      })
      tell(workspace, made, json)
    })
}

async function requireWorkspace({ system }: Database, id: number) {
  const [known] = await system`select from workspaces where id = ${id}`
  if (!known) throw refuse('not_found', { message: `There is no workspace ${id}.` })
}

function tell(workspace_id: number, made: KeyCreated, json: boolean | undefined) {
  const { id, kind, name, prefix, scopes, expires_at, allowed_ips, rate_limit, key } = made
  say({ id, workspace_id, kind, name, prefix, scopes, expires_at, allowed_ips, rate_limit, key }, json)
}

function scopes(text: string): NonNullable<KeyCreate['scopes']> {
  return words(text).map(word => {
    const scope = ALL_SCOPES.find(scope => scope === word)
    if (!scope) throw new InvalidArgumentError(`"${word}" is none of ${ALL_SCOPES.join(', ')}.`)
    return scope
  })
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

function time(text: string): string {
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : undefined
  if (!moment || Number.isNaN(moment.getTime()))
    throw new InvalidArgumentError('It must be a day or a time, such as 2027-01-31 or 2027-01-31T09:30:00Z.')
  return moment.toISOString()
}

function hours(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 720) throw new InvalidArgumentError('It must be a whole number from 0 to 720.')
  return Number(text)
}
