import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshApp, freshDatabase, makeTenant } from '../../test/app.ts'
import { type Cable, layCable } from '../../test/cable.ts'
import { type Mailbox, openMailbox } from '../../test/mailbox.ts'
import { jane, john, sally } from '../../test/people.ts'
import { readConfig } from '../config.ts'
import { connect, type Database } from '../database/connect.ts'
import { enqueue } from '../queue/enqueue.ts'
import { reap } from '../queue/hold.ts'
import { CHANNEL } from '../queue/job.ts'
import type { Worker } from '../queue/work.ts'
import { sealLink } from './link.ts'
import { type NewMail, sendMail } from './mail.ts'
import { startPost } from './post.ts'

let database: Database
let workspace_id: number
let mailbox: Mailbox
let lines: [object, string][]
const endings: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  database ??= await freshDatabase()
  workspace_id = (await makeTenant(database, 'Acme')).workspace_id
  mailbox = await openMailbox()
  endings.push(() => mailbox.goAway())
  lines = []
})
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
  await database.system`delete from jobs`
})

const keepLine = (details: object, sentence: string) => void lines.push([details, sentence])
const log = { info: keepLine, warn: keepLine }

const ENV = { PUBLIC_URL: 'https://app.example.com', SECRET_KEY: 'the long secret of this test' }

function start({ smtp_url = mailbox.url, sql = database.system }: { smtp_url?: string; sql?: Database['system'] } = {}): Worker {
  const env = { ...ENV, ...(smtp_url === '' ? {} : { SMTP_URL: smtp_url }) }
  const post = startPost(sql, readConfig(env), { log })
  endings.push(() => post.stop(0))
  return post
}

const write = (...mails: Partial<NewMail>[]) =>
  sendMail(
    database.system,
    workspace_id,
    mails.map(mail => ({ to: sally.email, subject: 'Hello', body: 'Hello Sally', ...mail })),
  )
const mails = () => database.system`select * from mails where workspace_id = ${workspace_id} order by id`
const jobs = () => database.system`select * from jobs where workspace_id = ${workspace_id} order by id`
const states = async () => (await mails()).map(mail => mail.state)
const turned = (...wanted: string[]) => expect.poll(states, { interval: 20 }).toEqual(wanted)
const failedOnce = () => expect.poll(async () => (await mails())[0]?.error, { interval: 20 }).not.toBeNull()

/** As if the time of the next attempt had come. */
async function skipAhead() {
  await database.system`update jobs set run_at = now() where workspace_id = ${workspace_id}`
  await database.system.notify(CHANNEL, 'mail')
}

test('a mail arrives as it was written, from nobody, and says that a machine wrote it', async () => {
  start()
  const body =
    'Grüße 🙂\n\n.\nBcc: eve@example.com\nA line that is much longer than the seventy-six characters after which a mail is broken in two'
  await write({ subject: 'Zustellung an „Küche“ angehalten', body, about: 'endpoint 12' })
  await turned('sent')
  const [mail] = await mails()
  const [letter] = mailbox.letters
  expect(letter).toMatchObject({
    from: 'no-reply@app.example.com',
    to: [sally.email],
    headers: {
      from: 'Throughline <no-reply@app.example.com>',
      to: sally.email,
      subject: 'Zustellung an „Küche“ angehalten',
      'content-type': 'text/plain; charset=utf-8',
      'auto-submitted': 'auto-generated',
      'message-id': `<mail.${workspace_id}.${mail!.id}.${mail!.created_at.getTime()}@app.example.com>`,
    },
  })
  expect(letter!.body.trimEnd().replaceAll('\r\n', '\n')).toBe(body)
  expect(mail).toMatchObject({ error: null, sent_at: expect.any(Date) })
  expect(await jobs()).toMatchObject([{ state: 'done' }])
})

test('a link that lets its reader in goes out with the mail, and stays neither with one that was sent nor with one that was kept', async () => {
  const sealed_link = sealLink(readConfig(ENV), sally.email, 'https://app.example.com/let-me-in')
  start()
  await write({ body: 'Come in: [link]', sealed_link })
  await turned('sent')
  expect(mailbox.letters[0]!.body).toContain('Come in: https://app.example.com/let-me-in')
  for (const end of endings.splice(1).reverse()) await end()
  start({ smtp_url: '' })
  await write({ body: 'Come in: [link]', sealed_link })
  await turned('sent', 'kept')
  const [sent, kept] = await mails()
  expect(sent).toMatchObject({ body: 'Come in: [link]', sealed_link: null })
  expect(kept).toMatchObject({ body: 'Come in: [link]', sealed_link: null })
})

test('the server does it by itself, says so in its metrics, and ends without a loose end', async () => {
  const fresh = await freshApp({ config: { smtp_url: `${mailbox.url}?from=Alerts%20%3Calerts@example.com%3E` } })
  const { workspace_id, database } = fresh
  const later = new Date(Date.now() + 3_600_000)
  await enqueue(database.system, { workspace_id, queue: 'else', key: 'a', run_at: new Date(Date.now() - 60_000) })
  await enqueue(database.system, { workspace_id, queue: 'else', key: 'b', run_at: later })
  await sendMail(database.system, workspace_id, [{ to: sally.email, subject: 'Hello', body: 'Hello' }])
  let release: (() => void) | undefined
  mailbox.judge = async what => {
    if (what === 'message') await new Promise<void>(resolve => (release = resolve))
    return undefined
  }
  fresh.work()
  await expect.poll(() => release).toBeDefined()

  const { body } = await fresh.app.inject({ url: '/metrics' })
  expect(body).toMatch(/^throughline_jobs_waiting\{queue="else"\} 1$/m)
  expect(body).toMatch(/^throughline_jobs_later\{queue="else"\} 1$/m)
  expect(body).toMatch(/^throughline_jobs_oldest_seconds\{queue="else"\} 6\d\.?\d*$/m)
  expect(body).toMatch(/^throughline_jobs_running\{queue="mail"\} 1$/m)
  expect(body).toMatch(/^throughline_jobs_waiting\{queue="mail"\} 0$/m)

  const closed = fresh.close() // waits for what is on its way
  release?.()
  await closed
  expect(mailbox.letters).toMatchObject([{ from: 'alerts@example.com', headers: { from: 'Alerts <alerts@example.com>' } }])
  expect(await database.system`select state from mails`).toEqual([{ state: 'sent' }])
})

test('without SMTP mails are kept, and one line says so without saying to whom', async () => {
  start({ smtp_url: '' })
  await write({})
  await turned('kept')
  await expect.poll(jobs).toMatchObject([{ state: 'done' }])
  expect(lines).toEqual([
    [{ workspace_id, mail: expect.any(Number), subject: 'Hello' }, 'A mail was kept and not sent: SMTP_URL is not set.'],
  ])
})

test('a recipient who is refused for good fails at once with the words of the server, and the others get theirs', async () => {
  mailbox.judge = (what, address) => (what === 'recipient' && address === john.email ? [550, 'No such user here'] : undefined)
  start()
  await write({ to: john.email }, { to: jane.email })
  await turned('failed', 'sent')
  expect(await mails()).toMatchObject([
    { error: expect.stringMatching(/^The mail server refused it: 550 .*No such user here/) },
    {},
  ])
  expect(await jobs()).toMatchObject([{ state: 'failed', attempt: 1 }, { state: 'done' }])
})

test('a text that is refused for good fails at once', async () => {
  mailbox.judge = what => (what === 'message' ? [554, 'Looks like spam'] : undefined)
  start()
  await write({})
  await turned('failed')
  expect(await mails()).toMatchObject([{ error: expect.stringContaining('Looks like spam') }])
})

test('what is refused for now is tried again, not before a minute, and then goes out', async () => {
  mailbox.judge = what => (what === 'recipient' ? [451, 'Greylisted, come back later'] : undefined)
  start()
  const before = Date.now()
  await write({})
  await failedOnce()
  expect(await mails()).toMatchObject([{ state: 'queued', error: expect.stringContaining('451') }])
  const [job] = await jobs()
  expect(job).toMatchObject({ state: 'queued', attempt: 1 })
  expect(job!.run_at.getTime()).toBeGreaterThanOrEqual(before + 60_000)
  mailbox.judge = () => undefined
  await skipAhead()
  await turned('sent')
  expect(mailbox.letters).toHaveLength(1)
  expect(await mails()).toMatchObject([{ error: null }])
})

test('while the server is away mails wait, and when it is back they go out', async () => {
  start()
  await write({})
  await turned('sent') // over a connection that is then lost
  await mailbox.goAway()
  await write({ to: jane.email })
  await expect.poll(async () => (await mails())[1]!.error).toBe('The mail server could not be reached (ECONNREFUSED).')
  await mailbox.comeBack()
  await skipAhead()
  await turned('sent', 'sent')
  expect(mailbox.letters.map(letter => letter.to)).toEqual([[sally.email], [jane.email]])
})

test('after a day of attempts it is given up', async () => {
  mailbox.judge = what => (what === 'recipient' ? [451, 'Not now'] : undefined)
  await write({})
  start()
  const delays: number[] = []
  for (let attempt = 1; attempt <= 7; attempt++) {
    await expect.poll(jobs, { interval: 20 }).toMatchObject([{ state: 'queued', attempt }])
    delays.push((await jobs())[0]!.run_at.getTime() - Date.now())
    await skipAhead()
  }
  await turned('failed')
  const hours = delays.reduce((sum, ms) => sum + ms, 0) / 3_600_000
  expect(hours).toBeGreaterThan(24)
  expect(hours).toBeLessThan(28)
  expect(await mails()).toMatchObject([{ error: expect.stringMatching(/Not now\. Given up after 8 attempts\.$/) }])
  expect(await jobs()).toMatchObject([{ state: 'failed', attempt: 8 }])
})

test.each(['password', 'sender'] as const)('a %s that is refused is for the operator to mend: the mail waits', async what => {
  const guarded = await openMailbox({
    authOptional: what === 'sender',
    onAuth: (_auth, _session, done) => done(Object.assign(new Error('Wrong password'), { responseCode: 535 })),
  })
  endings.push(() => guarded.goAway())
  guarded.judge = asked => (asked === 'sender' ? [550, 'Not allowed to send as this'] : undefined)
  const user = what === 'password' ? 'user:s3cret@' : ''
  start({ smtp_url: guarded.url.replace('127.0.0.1', `${user}127.0.0.1`) })
  await write({})
  await failedOnce()
  const [mail] = await mails()
  expect(mail).toMatchObject({ state: 'queued', error: expect.stringMatching(/Wrong password|Not allowed to send as this/) })
  expect(JSON.stringify([mail, lines])).not.toContain('s3cret')
  expect(await jobs()).toMatchObject([{ state: 'queued', attempt: 1 }])
})

test('where encryption is required and not offered, no mail is sent in the clear', async () => {
  start({ smtp_url: `${mailbox.url}?requireTLS=true` })
  await write({})
  await failedOnce()
  expect(await mails()).toMatchObject([{ state: 'queued', error: expect.stringContaining('offers no encryption') }])
  expect(mailbox.letters).toEqual([])
})

test('no subject and no address puts a line of its own into a mail, or sends it to anybody else', async () => {
  start()
  const hostile = [
    'eve@example.com, mallory@example.com',
    'sally@example.com>\r\nRCPT TO:<eve@example.com',
    'Sally <eve@example.com>',
    '"eve@example.com, x"@example.com',
    'sally@example.com\r\nBcc: eve@example.com',
    'eve',
    '',
  ]
  await write({ subject: 'Hi\r\nBcc: eve@example.com\r\n\r\nAnother text\u2028\n ' }, ...hostile.map(to => ({ to })))
  await turned('sent', ...hostile.map(() => 'failed'))
  expect(mailbox.letters).toHaveLength(1)
  const [letter] = mailbox.letters
  expect(letter!.to).toEqual([sally.email])
  expect(letter!.headers).not.toHaveProperty('bcc')
  expect(letter!.headers.subject).toBe('Hi Bcc: eve@example.com Another text')
  expect(letter!.body.trim()).toBe('Hello Sally')
  expect((await mails()).slice(1).map(mail => mail.error)).toEqual(hostile.map(() => 'This is not an e-mail address.'))
})

test('many mails go over one connection, and of two processes each mail is sent by one', async () => {
  start()
  start()
  await write(...Array.from({ length: 30 }, (_, n) => ({ subject: `${n}` })))
  await expect.poll(async () => (await states()).filter(state => state === 'sent').length).toBe(30)
  const subjects = mailbox.letters.map(letter => Number(letter.headers.subject))
  expect(subjects.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n))
  expect(mailbox.connections).toBeLessThanOrEqual(2)
})

test('a stop gives back the mail that the server does not take, and somebody else sends it', async () => {
  mailbox.judge = what => (what === 'message' ? new Promise(() => {}) : undefined)
  const post = start()
  await write({})
  await expect.poll(jobs).toMatchObject([{ state: 'leased' }])
  await post.stop(100)
  expect(await jobs()).toMatchObject([{ state: 'queued', attempt: 0 }])
  mailbox.judge = () => undefined
  start()
  await turned('sent')
})

test('whoever lost the lease while the server took the mail says so all the same, and nobody sends it again', async () => {
  let release: (() => void) | undefined
  mailbox.judge = async what => {
    if (what === 'message') await new Promise<void>(resolve => (release = resolve))
    return undefined
  }
  start()
  await write({})
  await expect.poll(() => release).toBeDefined()
  await database.system`update jobs set lease_until = now() - interval '1 s' where state = 'leased'`
  expect(await reap(database.system)).toBe(1)
  release?.()
  await turned('sent')
  await expect.poll(jobs).toMatchObject([{ state: 'done', lost: 1 }])
  expect(mailbox.letters).toHaveLength(1)
})

test('a mail that went out while the database was away is not sent again', async () => {
  const cable: Cable = await layCable(database.url)
  const far = connect(cable.url, { connections: 2 })
  endings.push(() => cable.stop())
  endings.push(() => far.close())
  mailbox.judge = what => {
    if (what === 'message') cable.cut()
    return undefined
  }
  start({ sql: far.system })
  await write({})
  await expect.poll(() => mailbox.letters.length).toBe(1)
  mailbox.judge = () => undefined
  await new Promise(resolve => setTimeout(resolve, 2500))
  expect(await states()).toEqual(['queued'])
  cable.mend()
  await turned('sent')
  await write({ to: jane.email }) // and the worker hears of what comes next
  await turned('sent', 'sent')
  expect(mailbox.letters.map(letter => letter.to)).toEqual([[sally.email], [jane.email]])
})

test('a mail whose process dies after the server took it comes twice, and the two have one Message-ID', async () => {
  const home = await mkdtemp(join(tmpdir(), 'throughline-mail-'))
  endings.push(() => rm(home, { recursive: true, force: true }))
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    THROUGHLINE_HOME: home,
    PORT: '0',
    HOST: '127.0.0.1',
    SMTP_URL: mailbox.url,
  }
  let child: ChildProcess | undefined
  mailbox.judge = what => {
    if (what === 'message') child?.kill('SIGKILL')
    return undefined
  }
  child = spawn(process.execPath, ['bin/throughline', 'start'], { env, stdio: 'ignore' })
  const died = new Promise(resolve => child?.once('exit', (_code, signal) => resolve(signal)))
  endings.push(async () => child?.kill('SIGKILL'))
  await write({})
  expect(await died).toBe('SIGKILL')
  await expect.poll(() => mailbox.letters.length).toBe(1)
  expect(await states()).toEqual(['queued'])

  child = undefined
  await database.system`update jobs set lease_until = now() - interval '1 s' where state = 'leased'`
  expect(await reap(database.system)).toBe(1)
  start({ smtp_url: `${mailbox.url}?from=no-reply@localhost` })
  await turned('sent')
  const [first, second] = mailbox.letters
  expect(second!.headers['message-id']).toBe(first!.headers['message-id'])
  expect(second!.headers.date).toBe(first!.headers.date)
})
