import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type postgres from 'postgres'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import { type Checkpoint, signCheckpoint, signersOf } from './signer.ts'
import { type Problem, type Verdict, verifyChain } from './verify.ts'

/** Where the lines are, outside of the database: who cuts the end off a chain cannot cut it off here. */
export const checkpointFile = (config: Pick<Config, 'home'>) => join(config.home, 'audit', 'checkpoints.jsonl')

/**
 * Signs how far the chain of each workspace is. What came since the last checkpoint is looked at first: a chain with something wrong in it is not
 * signed, and `doctor` and the screen say what it is. Returns the new ones.
 */
export async function makeCheckpoints(sql: postgres.Sql, config: Config): Promise<Checkpoint[]> {
  const heads = await sql<{ workspace_id: number }[]>`select workspace_id from audit_heads order by workspace_id`
  const made: Checkpoint[] = []
  for (const { workspace_id } of heads) {
    const checkpoint = await checkOne(sql, config, workspace_id)
    if (checkpoint) made.push(checkpoint)
  }
  return made
}

/** Looked at in one snapshot that holds nobody; what is written after it is written by itself. */
async function checkOne(sql: postgres.Sql, config: Config, workspace_id: number): Promise<Checkpoint | undefined> {
  const [last] = await sql<{ position: number; hash: Buffer }[]>`
    select position, hash from audit_checkpoints where workspace_id = ${workspace_id} order by position desc limit 1`
  const { position, hash, problems } = (await sql.begin('isolation level repeatable read read only', tx =>
    verifyChain(tx, workspace_id, last),
  )) as Verdict
  const problem = problems[0] ? inWords(problems[0]) : null
  await sql`update audit_heads set checked_at = now(), problem = ${problem} where workspace_id = ${workspace_id}`
  if (problem !== null || position === (last?.position ?? 0)) return undefined
  const said = { workspace_id, position, at: new Date().toISOString(), hash: hash.toString('hex') }
  const checkpoint = signCheckpoint(signersOf(config)[0]!, said)
  await writeLine(config, checkpoint)
  await sql`
    insert into audit_checkpoints (workspace_id, position, at, hash, signer, signature)
    values (${workspace_id}, ${position}, ${said.at}, ${hash}, ${checkpoint.signer}, ${checkpoint.signature})
        on conflict do nothing`
  return checkpoint
}

/** Before the row: a line too many is true all the same, one that is missing would prove nothing. */
async function writeLine(config: Config, checkpoint: Checkpoint) {
  const file = checkpointFile(config)
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 })
}

/** All that are known of a workspace, of the table and of the file, each once, the oldest first. */
export async function readCheckpoints(sql: Sql, config: Config, workspace_id: number): Promise<Checkpoint[]> {
  const rows = await sql<(Omit<Checkpoint, 'at'> & { at: Date })[]>`
    select workspace_id, position, at, encode(hash, 'hex') as hash, signer, signature
      from audit_checkpoints
     where workspace_id = ${workspace_id}`
  const lines = await readFile(checkpointFile(config), 'utf8').catch(() => '')
  const kept = lines.split('\n').flatMap(line => {
    const checkpoint = readLine(line)
    return checkpoint?.workspace_id === workspace_id ? [checkpoint] : []
  })
  const all = [...rows.map(row => ({ ...row, at: row.at.toISOString() })), ...kept]
  const once = new Map(all.map(checkpoint => [JSON.stringify(checkpoint), checkpoint]))
  return [...once.values()].sort((one, other) => one.position - other.position)
}

/** Undefined for a line that a dying process left half-written. */
function readLine(line: string): Checkpoint | undefined {
  try {
    return JSON.parse(line) as Checkpoint
  } catch {
    return undefined
  }
}

export function inWords({ position, activity_id, what }: Problem): string {
  return activity_id === null ? `at link ${position}: ${what}` : `at activity ${activity_id}: ${what}`
}
