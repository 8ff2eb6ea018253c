import { readFile, writeFile } from 'node:fs/promises'
import type postgres from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { chainAnew } from '../../../test/chain.ts'
import { bearer } from '../../../test/people.ts'
import { READERS } from '../../work.ts'
import { relay } from '../relay.ts'
import { auditWorkspace } from './audit.ts'
import { checkpointFile, makeCheckpoints } from './checkpoint.ts'

let fresh: FreshApp
let system: postgres.Sql

beforeAll(async () => {
  fresh = await freshApp()
  system = fresh.database.system
  for (let k = 0; k < 10; k++) await change(k)
})

async function change(k: number) {
  const payload = { email: `person${k}@example.com`, first_name: 'Before' }
  await fresh.app.inject({ method: 'POST', url: '/api/v1/contacts', payload, headers: bearer(fresh.secret_key) })
  while (await relay(system, READERS));
}
const audit = (config = fresh.context.config) => auditWorkspace(system, config, fresh.workspace_id)
const problems = async () => (await audit()).problems.map(({ what }) => what)
const ours = () => system`workspace_id = ${fresh.workspace_id}`

test('a checkpoint is made of what is new, and stands in the table and in a file outside of the database', async () => {
  expect(await makeCheckpoints(system, fresh.context.config)).toMatchObject([{ workspace_id: fresh.workspace_id }])
  expect(await makeCheckpoints(system, fresh.context.config)).toEqual([])
  await change(10)
  expect(await makeCheckpoints(system, fresh.context.config)).toHaveLength(1)
  const lines = (await readFile(checkpointFile(fresh.context.config), 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines.join()).not.toContain('person')
  expect(await audit()).toMatchObject({ problems: [], checkpoints: 2, unknown_signers: 0 })
})

test('a chain that was made anew behind a change is whole in itself, and is not what was signed', async () => {
  const [row] = await system<{ id: number; after: object }[]>`
    select id, after from activities where ${ours()} and action = 'contact.created' order by id limit 1`
  await system`update activities set after = '{"first_name": "Changed"}' where id = ${row!.id}`
  expect(await problems()).toEqual(['what it says is not what was written'])
  await chainAnew(system, fresh.workspace_id)
  const found = await problems()
  expect(found).toHaveLength(2)
  expect(found[0]).toContain('it is not what was signed')
  await system`update activities set after = ${system.json(row!.after as never)} where id = ${row!.id}`
  await chainAnew(system, fresh.workspace_id)
  expect(await problems()).toEqual([])
})

test('a tail that was cut off cleanly is missed by what was signed, even when the table of checkpoints was emptied', async () => {
  const [end] = await system<{ position: number; hash: Buffer; activity_id: number }[]>`
    select position, hash, activity_id from audit_chain where ${ours()} order by position desc limit 1`
  const [before] = await system<{ hash: Buffer }[]>`
    select hash from audit_chain where ${ours()} and position = ${end!.position - 1}`
  await system`delete from audit_chain where ${ours()} and position = ${end!.position}`
  await system`delete from activities where ${ours()} and id = ${end!.activity_id}`
  await system`update audit_heads set position = position - 1, hash = ${before!.hash} where ${ours()}`
  await system`delete from audit_checkpoints where ${ours()}`
  expect(await problems()).toEqual([expect.stringContaining('the chain ends before it')])
})

test('a forged checkpoint is told from a real one, and one by a key that is gone from one that is wrong', async () => {
  const file = checkpointFile(fresh.context.config)
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const forged = { ...JSON.parse(lines[0]!), position: 1 }
  await writeFile(file, `${JSON.stringify(forged)}\n${lines[0]!}\n{"half`)
  expect(await problems()).toEqual([expect.stringContaining('has a wrong signature')])
  const other = await audit({ ...fresh.context.config, secret_key: 'another secret' })
  expect(other).toMatchObject({ unknown_signers: 2, problems: [] })
})

test('a broken chain is not signed, and what is wrong is kept for who looks', async () => {
  await system`update activities set action = 'contact.invented' where ${ours()} and id = (select max(id) from activities where ${ours()})`
  await change(20)
  expect(await makeCheckpoints(system, fresh.context.config)).toEqual([])
  const [head] = await system<{ problem: string }[]>`select problem from audit_heads where ${ours()}`
  expect(head!.problem).toContain('is not what was written')
})
