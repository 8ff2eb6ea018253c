import { once } from 'node:events'
import { Command } from 'commander'
import type postgres from 'postgres'
import { auditWorkspace } from '../activities/chain/audit.ts'
import { checkpointFile, inWords, makeCheckpoints } from '../activities/chain/checkpoint.ts'
import { publicKeyOf, signersOf } from '../activities/chain/signer.ts'
import { readLinks } from '../activities/chain/verify.ts'
import { command, type Json, whole, workspaceOption } from './options.ts'
import { withDatabase } from './reach.ts'
import { note, say } from './say.ts'

export function auditCommand() {
  const verify = command('verify', 'Compute the chain of activities again and say where it is not what was written.')
    .option('--workspace <id>', 'number of the workspace (default: all)', whole)
    .action(async ({ json, workspace }: Json & { workspace?: number }) => {
      const audits = await withDatabase(async ({ system }, config) => {
        const found: ({ workspace_id: number } & Awaited<ReturnType<typeof auditWorkspace>>)[] = []
        for (const workspace_id of await workspacesOf(system, workspace)) {
          const audit = await system.begin('isolation level repeatable read read only', sql =>
            auditWorkspace(sql, config, workspace_id),
          )
          found.push({ workspace_id, ...audit })
        }
        return found
      })
      const ok = audits.every(({ problems }) => problems.length === 0)
      if (json) console.log(JSON.stringify({ ok, workspaces: audits }))
      else for (const audit of audits) tell(audit)
      if (!ok) process.exitCode = 1
    })

  const checkpoint = command('checkpoint', 'Sign how far the chains are, as it happens once a day.').action(
    async ({ json }: Json) => {
      const done = await withDatabase(async ({ system }, config) => {
        const made = await makeCheckpoints(system, config)
        const wrong = await system<{ workspace_id: number; problem: string }[]>`
        select workspace_id, problem from audit_heads where problem is not null order by workspace_id`
        return { made, wrong, config }
      })
      for (const { workspace_id, problem } of done.wrong) note(`Workspace ${workspace_id} is not signed, ${problem}.`)
      if (done.wrong.length > 0) process.exitCode = 1
      const result = { checkpoints: done.made.length, file: checkpointFile(done.config) }
      say(json ? { ...result, public_key: publicKeyOf(signersOf(done.config)[0]!), made: done.made } : result, json)
    },
  )

  return new Command('audit')
    .description('Whether anybody changed what was recorded.')
    .addCommand(verify)
    .addCommand(checkpoint)
    .addCommand(exportCommand())
}

function exportCommand() {
  return command('export', 'Print the chain as JSON lines, with what each link is made of: enough to compute it anywhere.')
    .addOption(workspaceOption())
    .action(({ workspace }: { workspace: number }) =>
      withDatabase(async ({ system }) => {
        await workspacesOf(system, workspace)
        await system.begin('isolation level repeatable read read only', sql => printLinks(sql, workspace))
      }),
    )
}

async function printLinks(sql: postgres.TransactionSql, workspace_id: number) {
  for (let position = 0, is_more = true; is_more; ) {
    const rows = await readLinks(sql, workspace_id, position)
    for (const row of rows) {
      const line = JSON.stringify(row, (_name, value) =>
        value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value,
      )
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
    }
    position = rows.at(-1)?.position ?? position
    is_more = rows.length > 0
  }
}

async function workspacesOf(sql: postgres.Sql, wanted: number | undefined): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`select id from workspaces where id = coalesce(${wanted ?? null}::int, id) order by id`
  if (wanted !== undefined && rows.length === 0) throw new Error(`There is no workspace ${wanted}.`)
  return rows.map(({ id }) => id)
}

function tell({ workspace_id, activities, redacted, checkpoints, unknown_signers, last_checkpoint_at, problems }: Told) {
  const signed = last_checkpoint_at === null ? 'not signed yet' : `${checkpoints} checkpoints, the last ${last_checkpoint_at}`
  const unknown = unknown_signers > 0 ? `, ${unknown_signers} of them signed with keys that are not in SECRET_KEY` : ''
  const erased = redacted > 0 ? `, ${redacted} without personal data that was erased` : ''
  console.log(
    `workspace ${workspace_id}: ${problems.length === 0 ? 'whole' : 'BROKEN'}, ${activities} activities${erased}; ${signed}${unknown}`,
  )
  for (const problem of problems) console.log(`  ${inWords(problem)}`)
}

type Told = { workspace_id: number } & Awaited<ReturnType<typeof auditWorkspace>>
