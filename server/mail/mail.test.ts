import { beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, makeTenant } from '../../test/app.ts'
import { jane, sally } from '../../test/people.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { lease } from '../queue/lease.ts'
import { abandonMails } from './abandon.ts'
import { sendMail } from './mail.ts'

let database: Database
let workspace_id: number
const mails = () => database.system`select to_address, subject, body, about, state, error from mails order by id`
const claim = async () => (await lease(database.system, { queue: 'mail', limit: 10, share: 10, seconds: 60 })).jobs
const hello = { to: sally.email, subject: 'Hello', body: 'Hello Sally' }

beforeAll(async () => {
  database = await freshDatabase()
  workspace_id = (await makeTenant(database, 'Acme')).workspace_id
})
beforeEach(async () => {
  await database.system`delete from mails`
  await database.system`delete from jobs`
})

test('mails wait to be sent from the commit on, in the order in which they were written', async () => {
  const about = { ...hello, to: jane.email, about: 'endpoint 12' }
  await inWorkspace(database, workspace_id, async sql => {
    await sendMail(sql, workspace_id, [hello, about])
    expect(await claim()).toEqual([])
  })
  expect(await mails()).toMatchObject([
    { to_address: sally.email, subject: 'Hello', body: 'Hello Sally', about: null, state: 'queued', error: null },
    { to_address: jane.email, about: 'endpoint 12', state: 'queued' },
  ])
  const jobs = await claim()
  expect(jobs.map(job => job.payload)).toEqual((await database.system`select id as mail_id from mails order by id`).slice())
})

test('a mail of a transaction that fails was never written', async () => {
  const failing = inWorkspace(database, workspace_id, async sql => {
    await sendMail(sql, workspace_id, [hello])
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect([await mails(), await claim()]).toEqual([[], []])
})

test('a hundred mails are as many statements as one, and none is none', async () => {
  const count = async (number: number) => {
    let statements = 0
    await inWorkspace(database, workspace_id, async sql => {
      const counted = new Proxy(sql, {
        apply: (target, self, given) => {
          if (Array.isArray(given[0]) && 'raw' in given[0]) statements++
          return Reflect.apply(target, self, given)
        },
      })
      await sendMail(
        counted,
        workspace_id,
        Array.from({ length: number }, () => hello),
      )
    })
    return statements
  }
  expect([await count(0), await count(1), await count(100)]).toEqual([0, 2, 2])
  expect(await mails()).toHaveLength(101)
})

test('a workspace cannot write mail in the name of another', async () => {
  const other = (await makeTenant(database, 'Other')).workspace_id
  const writing = inWorkspace(database, workspace_id, sql => sendMail(sql, other, [hello]))
  await expect(writing).rejects.toThrow('row-level security')
})

test('what PostgreSQL cannot store does not end the transaction of whoever writes', async () => {
  await inWorkspace(database, workspace_id, sql => sendMail(sql, workspace_id, [{ ...hello, body: 'It answered "\0\ud800".' }]))
  expect(await mails()).toMatchObject([{ body: 'It answered "\ufffd".' }])
})

test('a mail whose job ended without it has failed, and one that waits goes on waiting', async () => {
  await sendMail(database.system, workspace_id, [hello, { ...hello, to: jane.email }])
  await database.system`
    update jobs set state = 'failed', finished_at = now()
     where workspace_id = ${workspace_id} and payload ->> 'mail_id' = (select min(id)::text from mails)`
  await abandonMails(database.system)
  expect(await mails()).toMatchObject([
    { to_address: sally.email, state: 'failed', error: expect.stringContaining('ended before it could be sent') },
    { to_address: jane.email, state: 'queued', error: null },
  ])
})
