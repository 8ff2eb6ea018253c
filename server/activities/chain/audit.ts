import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import { readCheckpoints } from './checkpoint.ts'
import { type Checkpoint, judgeSignature, signersOf } from './signer.ts'
import { type Problem, verifyChain } from './verify.ts'

export type Audit = {
  activities: number
  redacted: number
  checkpoints: number
  /** Signed with keys that are not in SECRET_KEY any more, so nothing can be said about them. */
  unknown_signers: number
  last_checkpoint_at: string | null
  problems: Problem[]
}

/** Computes the whole chain of a workspace again, and compares it with what was signed on the way. Run it in one snapshot. */
export async function auditWorkspace(sql: Sql, config: Config, workspace_id: number): Promise<Audit> {
  const { position, redacted, problems } = await verifyChain(sql, workspace_id)
  const checkpoints = await readCheckpoints(sql, config, workspace_id)
  const pairs = signersOf(config)
  const known = checkpoints.filter(checkpoint => judgeSignature(pairs, checkpoint) !== 'unknown')
  const forged = known.filter(checkpoint => judgeSignature(pairs, checkpoint) === 'wrong')
  return {
    activities: position,
    redacted,
    checkpoints: checkpoints.length,
    unknown_signers: checkpoints.length - known.length,
    last_checkpoint_at: checkpoints.at(-1)?.at ?? null,
    problems: [
      ...problems,
      ...forged.map(forgedProblem),
      ...(await broken(
        sql,
        workspace_id,
        known.filter(checkpoint => !forged.includes(checkpoint)),
      )),
    ],
  }
}

/** A chain that was cut off at its end, or computed anew behind a change, is whole in itself: only what was signed tells. */
async function broken(sql: Sql, workspace_id: number, checkpoints: Checkpoint[]): Promise<Problem[]> {
  const links = await sql<{ position: number; activity_id: number; hash: string }[]>`
    select position, activity_id, encode(hash, 'hex') as hash
      from audit_chain
     where workspace_id = ${workspace_id} and position = any(${checkpoints.map(({ position }) => position)}::bigint[])`
  return checkpoints.flatMap(({ position, hash, at }) => {
    const link = links.find(link => link.position === position)
    if (link?.hash === hash) return []
    const what = link ? `it is not what was signed ${at}` : `the chain ends before it, and it was signed ${at}`
    return [{ position, activity_id: link?.activity_id ?? null, what }]
  })
}

function forgedProblem({ position, at }: Checkpoint): Problem {
  return { position, activity_id: null, what: `the checkpoint of ${at} has a wrong signature` }
}
