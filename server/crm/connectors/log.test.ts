import { execFile } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { CrmMeans } from '../provider.ts'
import { answerOf, appUser, errorOf } from './connecting.fixture.ts'
import { type LogLine, logFile, readLog } from './log/entry.ts'
import { log } from './log/provider.ts'

test('writes a line of JSON for everything that it is told, in a file of its own', async () => {
  const { manager, file } = await logging()
  const user = appUser({ first_name: 'שרה', last_name: null, lists: ['עברית'], properties: { role: 'teacher' } })
  expect(answerOf(await manager.addUser(user))).toEqual({ external_id: 'log-483920', created: true })
  answerOf(await manager.changeUserEmail('log-483920', 'new@example.com'))
  answerOf(await manager.addEmailToMailingLists('reader@example.com', ['News'], { first_name: 'Dan', last_name: null }))
  expect(answerOf(await manager.markAsSpam('log-483920', 'review'))).toEqual({ deleted: false })
  answerOf(await manager.markForReview('of-another-crm'))
  const member = { at: expect.any(String), contact_id: 483920, external_id: 'log-483920' }
  expect(await linesOf(file)).toMatchObject([
    { offset: 0, entry: { operation: 'add_user', ...member, user } },
    { entry: { operation: 'change_email', ...member, email: 'new@example.com' } },
    { entry: { operation: 'subscribe', email: 'reader@example.com', lists: ['News'], first_name: 'Dan', last_name: null } },
    { entry: { operation: 'mark_as_spam', ...member, policy: 'review' } },
    { entry: { operation: 'mark_for_review', contact_id: null, external_id: 'of-another-crm' } },
  ])
  expect(file).toMatch(/log-7-11\.jsonl$/)
})

test('finds again whom it wrote, and the lists that it saw', async () => {
  const { manager } = await logging()
  expect(answerOf(await manager.getAvailableLists())).toEqual([])
  const { external_id } = answerOf(await manager.addUser(appUser({ lists: ['News'] })))
  answerOf(await manager.addEmailToMailingLists('reader@example.com', ['News', 'Events']))
  expect(answerOf(await manager.getAvailableLists())).toEqual(['News', 'Events'])
  answerOf(await manager.changeUserEmail(external_id, 'Sarah@new.example'))
  const member = { external_id, email: 'Sarah@new.example' }
  expect(answerOf(await manager.findByEmail('sarah@new.example'))).toEqual(member)
  expect(answerOf(await manager.getById(external_id))).toEqual(member)
  expect(errorOf(await manager.findByEmail('reader@example.com')).kind).toBe('not_found')
  answerOf(await manager.addUser(appUser({ contact_id: 1, email: 'sarah@new.example' })))
  expect(errorOf(await manager.findByEmail('sarah@new.example')).kind).toBe('duplicate')
  expect(answerOf(await manager.markAsSpam(external_id, 'delete'))).toEqual({ deleted: true })
  expect(errorOf(await manager.getById(external_id)).kind).toBe('not_found')
})

test('knows of nobody who sustains and of no ids of the CRM before', async () => {
  const { manager } = await logging()
  expect(answerOf(await manager.readSustainers(null))).toEqual({ members: [], next: null })
  expect(manager.keepsOldIds()).toBe(false)
  expect(errorOf(await manager.findByOldId('1')).kind).toBe('not_found')
})

test('names its file, without writing to it', async () => {
  const { manager, file } = await logging()
  expect(answerOf(await manager.getConnection())).toEqual({ account: `the file ${file}` })
  expect(await readFile(file, 'utf8')).toBe('')
})

test('says that the disk is full, which file that is, and goes on when there is room', async () => {
  const { manager, file } = await logging()
  await mkdir(dirname(file), { recursive: true })
  await symlink('/dev/full', file)
  const { kind, message, code } = errorOf(await manager.addUser(appUser()))
  expect([kind, code]).toEqual(['server', 'ENOSPC'])
  expect(message).toContain(`${file} cannot be written`)
  expect(message).toContain('The disk is full. Make room there')
  await rm(file)
  answerOf(await manager.addUser(appUser()))
  expect(await linesOf(file)).toHaveLength(1)
})

test('says what else is in the way', async () => {
  const { manager, file } = await logging()
  await mkdir(file, { recursive: true })
  for (const answer of [await manager.getConnection(), await manager.addUser(appUser()), await manager.getById('log-1')])
    expect(errorOf(answer)).toMatchObject({ kind: 'server', code: 'EISDIR', message: expect.stringContaining(file) })
})

test('reads from a place on, reports what is no line, and leaves out one that was torn', async () => {
  const { manager, file } = await logging()
  answerOf(await manager.markForReview('log-1'))
  await appendFile(
    file,
    '{"operation":"add_user","contact_id":"x"}\nnot JSON\n\n{"at":"2026-01-31T09:30:00.000Z","operation":"mark_fo',
  )
  const lines = await linesOf(file)
  expect(lines).toMatchObject([{ entry: { external_id: 'log-1' } }, { entry: null }, { entry: null }])
  expect(lines.flatMap(line => (line.entry === null ? line.problem : []))).toEqual([
    'This is no line of the log: {"operation":"add_user","contact_id":"x"}',
    'This is no JSON: not JSON',
  ])
  answerOf(await manager.markForReview('log-2'))
  const more = await linesOf(file, lines.at(-1)!.end)
  expect(more).toMatchObject([{ entry: null }, { entry: { external_id: 'log-2' } }])
  expect(await linesOf(file, more.at(-1)!.end)).toEqual([])
})

test('there is nothing in a file that is not there', async () => {
  expect(await linesOf(join(tmpdir(), 'no-folder', 'log-1-1.jsonl'))).toEqual([])
})

test('reads lines that are longer than what is read at once, with letters that are cut by that', async () => {
  const { manager, file } = await logging()
  const properties = { text: 'שלום 👩‍🌾'.repeat(20_000) }
  for (const contact_id of [1, 2, 3]) answerOf(await manager.addUser(appUser({ contact_id, properties })))
  expect((await linesOf(file)).map(({ entry }) => entry?.operation === 'add_user' && entry.user.properties)).toEqual([
    properties,
    properties,
    properties,
  ])
})

test('several processes that write at once mix no lines', async () => {
  const { file, folder } = await logging()
  const script = join(folder, 'write.mts')
  await writeFile(
    script,
    `import { log } from '${join(import.meta.dirname, 'log/provider.ts')}'
     const manager = log.open({ workspace_id: 7, connection_id: 11, folder: process.argv[2], settings: {} })
     const text = process.argv[3].repeat(20_000)
     const user = { email: 'a@example.com', first_name: null, last_name: null, language: null, lists: [], properties: { text } }
     const first = Number(process.argv[3]) * 100
     const results = await Promise.all(Array.from({ length: 40 }, (_, n) => manager.addUser({ ...user, contact_id: first + n })))
     if (results.some(result => !result.ok)) process.exit(1)`,
  )
  const run = promisify(execFile)
  await Promise.all(['1', '2', '3'].map(n => run(process.execPath, ['--import', 'tsx', script, folder, n])))
  const lines = await linesOf(file)
  const ids = lines.map(({ entry }) => (entry?.operation === 'add_user' ? entry.contact_id : null))
  expect(ids).toHaveLength(120)
  expect(new Set(ids).size).toBe(120)
  expect(ids).not.toContain(null)
})

async function logging() {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-log-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const place = { workspace_id: 7, connection_id: 11 }
  return { folder, file: logFile(folder, place), manager: log.open({ ...place, folder, settings: {} } as unknown as CrmMeans) }
}

async function linesOf(file: string, from = 0) {
  const lines: LogLine[] = []
  for await (const line of readLog(file, from)) lines.push(line)
  return lines
}
