import { expect, test } from 'vitest'
import type { CrmConnection } from '../../../../shared/crm.ts'
import { walking } from '../walking.fixture.ts'

const { desk, call, move, join, load, begin, ended, run, resume, links } = walking()

const finish = (run_id: number) => call<{ dropped: number }>('POST', `/crm/runs/${run_id}/finalize`)

test('drops the old ids, switches their connection off, and says so', async () => {
  const there = await move()
  const ids = await join(there, 40)
  load(there, ids)
  const { id } = await run(there)
  expect(await finish(id)).toEqual({ dropped: 40 })
  expect(await links(there.from)).toEqual([])
  expect(await links(there.to)).toHaveLength(40)
  const from = await call<CrmConnection>('GET', `/crm/connections/${there.from}`)
  expect(from).toMatchObject({ active: false, adds: 'nobody', links: 0 })
  const activities = await desk.fresh.database.system`
    select action, actor ->> 'kind' as actor, subject_id, after from activities where action = 'crm_connection.finalized' and subject_id = ${String(there.from)}`
  const after = { run_id: id, connection_id: there.to, dropped: 40 }
  expect(activities).toMatchObject([{ actor: 'key', after }])
  // Asked for again, there is nothing left to drop.
  expect(await finish(id)).toEqual({ dropped: 0 })
})

test('refuses with the counts while anybody is not found', async () => {
  const there = await move()
  const ids = await join(there, 5)
  load(there, ids.slice(3))
  const { id } = await run(there)
  await expect(finish(id)).rejects.toThrow(
    /409.*in_use.*Old ids are still needed \(WroteNotFound: 3\)\. Settle these, then resume the run\./,
  )
  expect(await links(there.from)).toHaveLength(5)
  load(there, ids.slice(0, 3))
  await resume(id)
  expect(await finish(id)).toEqual({ dropped: 5 })
})

test('refuses while somebody has an old id, or another one, that the run does not know', async () => {
  const there = await move()
  const [first] = (await join(there, 2)) as [number]
  load(there, [first, first + 1])
  const { id } = await run(there)
  const [later] = (await join(there, 1)) as [number]
  load(there, [later])
  await expect(finish(id)).rejects.toThrow(/Old ids are still needed \(not known to this run: 1\)/)
  await resume(id)
  await desk.fresh.database
    .system`update crm_links set external_id = 'nb-other' where connection_id = ${there.from} and contact_id = ${first}`
  await expect(finish(id)).rejects.toThrow(/not known to this run: 1/)
  expect(await resume(id)).toMatchObject({ counts: { WroteSalesforceAppUserUid: 3 } })
  expect(await finish(id)).toEqual({ dropped: 3 })
})

test('lets go of members whose old id was taken away, and of links that never had one', async () => {
  const there = await move()
  const [spam, known, waiting] = (await join(there, 3)) as [number, number, number]
  load(there, [known])
  await desk.fresh.database.system`
    update crm_links set external_id = null, state = 'UserCreated' where connection_id = ${there.from} and contact_id = ${waiting}`
  const { id } = await run(there)
  await expect(finish(id)).rejects.toThrow('(WroteNotFound: 1)')
  await desk.fresh.database.system`delete from crm_links where connection_id = ${there.from} and contact_id = ${spam}`
  expect(await resume(id)).toMatchObject({ total: 1, counts: { WroteSalesforceAppUserUid: 1 } })
  expect(await finish(id)).toEqual({ dropped: 2 })
})

test('is asked of the newest walk, after its end', async () => {
  const there = await move()
  load(there, await join(there, 2))
  const { id } = await run(there)
  there.standin.fault({ match: 'GET', delay_ms: 1_500, times: 100 })
  const newer = await begin(there)
  await expect(finish(id)).rejects.toThrow(`Run ${newer} is newer than this one. Finish that one.`)
  await expect(finish(newer)).rejects.toThrow(`Run ${newer} is under way. Wait for its end.`)
  await ended(newer)
  expect(await finish(newer)).toEqual({ dropped: 2 })
  await expect(finish(999_999)).rejects.toThrow(/404/)
})
