import { beforeAll, expect, test } from 'vitest'
import type { Note } from '../../shared/notes.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking, type Method } from '../../test/asking.ts'
import { bearer } from '../../test/people.ts'
import { type SignedIn, signedIn } from '../../test/session.ts'

let fresh: FreshApp
let marta: SignedIn
let tom: SignedIn
let olga: SignedIn
beforeAll(async () => {
  fresh = await freshApp()
  marta = await signedIn(fresh, 'manager')
  tom = await signedIn(fresh, 'manager')
  olga = await signedIn(fresh, 'owner')
})

const asked = asking(() => fresh)
const answer = (who: Pick<SignedIn, 'headers'>, method: Method, path: string, payload?: object) =>
  asked.answer(method, path, payload, who)
const ask = <T>(who: Pick<SignedIn, 'headers'>, method: Method, path: string, payload?: object) =>
  asked.ask<T>(method, path, payload, who)
let people = 0
const person = async () =>
  (
    await ask<{ id: number }>({ headers: bearer(fresh.secret_key) }, 'POST', '/contacts', {
      email: `noted${++people}@example.com`,
    })
  ).id
const write = (about: object, body: string) => ask<Note>(marta, 'POST', '/notes', { ...about, body })
const bodies = async (query: string) => (await ask<{ data: Note[] }>(tom, 'GET', `/notes?${query}`)).data.map(({ body }) => body)

test('notes of a contact: pinned ones first, then the newest, page by page, each with who wrote it', async () => {
  const contact_id = await person()
  const first = await write({ contact_id }, ' Likes rye.\r\nCalls on Mondays. ')
  await write({ contact_id }, 'Second')
  await write({ contact_id }, 'Third')
  expect(first).toMatchObject({
    body: 'Likes rye.\nCalls on Mondays.',
    author: { kind: 'user', id: marta.user_id },
    may_change: true,
  })
  await ask(tom, 'PATCH', `/notes/${first.id}`, { is_pinned: true })
  expect(await bodies(`contact_id=${contact_id}`)).toEqual([first.body, 'Third', 'Second'])
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { data: Note[]; next_cursor: string | null } = await ask(
      tom,
      'GET',
      `/notes?contact_id=${contact_id}&limit=1${cursor && `&cursor=${cursor}`}`,
    )
    seen.push(...page.data.map(({ body }) => body))
    cursor = page.next_cursor
  }
  expect(seen).toEqual([first.body, 'Third', 'Second'])
})

test('one on a lead is on its contact too, and one of a merged contact on the one that is left', async () => {
  const lead = await ask<{ id: number; contact_id: number }>(olga, 'POST', '/leads', { email: 'led@example.com' })
  await write({ lead_id: lead.id }, 'Of the lead')
  const other = await person()
  await write({ contact_id: other }, 'Of the other')
  await ask(olga, 'POST', `/contacts/${lead.contact_id}/merge`, { other_id: other })
  expect(await bodies(`lead_id=${lead.id}`)).toEqual(['Of the lead'])
  expect(await bodies(`contact_id=${lead.contact_id}`)).toEqual(['Of the other', 'Of the lead'])
  expect(await write({ contact_id: other }, 'After the merge')).toMatchObject({ contact_id: lead.contact_id })
  expect((await answer(marta, 'POST', '/notes', { body: 'About nobody' })).status).toBe(422)
})

test('who wrote it and administrators rewrite and delete it, and take that back', async () => {
  const note = await write({ contact_id: await person() }, 'Mine')
  const url = `/notes/${note.id}`
  expect((await answer(tom, 'PATCH', url, { body: 'Yours' })).body.error.code).toBe('forbidden')
  expect((await answer(tom, 'DELETE', url)).status).toBe(403)
  expect(await ask<Note>(olga, 'PATCH', url, { body: 'Ours' })).toMatchObject({ body: 'Ours', edited_at: expect.any(String) })
  await ask(marta, 'DELETE', url)
  expect(await bodies(`contact_id=${note.contact_id}`)).toEqual([])
  expect((await answer(marta, 'PATCH', url, { body: 'Too late' })).status).toBe(404)
  await ask(marta, 'POST', `${url}/undo`)
  expect(await bodies(`contact_id=${note.contact_id}`)).toEqual(['Ours'])
  expect((await answer(marta, 'POST', `${url}/undo`)).body.error.code).toBe('already_undone')
  const { data } = await ask<{ data: { name: string; after: { body?: string } | null }[] }>(
    tom,
    'GET',
    `/contacts/${note.contact_id}/timeline?kind=activity`,
  )
  const told = data.filter(({ name }) => name.startsWith('note.')).map(({ name, after }) => [name, after?.body])
  expect(told).toEqual([
    ['note.restored', 'Ours'],
    ['note.deleted', undefined],
    ['note.updated', 'Ours'],
    ['note.created', 'Mine'],
  ])
})

test('words find notes of everybody, in any case and any order', async () => {
  const contact_id = await person()
  await write({ contact_id }, 'Sourdough starter from Zürich')
  await write({ contact_id }, 'Starter of another kind')
  expect(await bodies('q=zürich STARTER')).toEqual(['Sourdough starter from Zürich'])
  expect(await bodies('q=nobody wrote this')).toEqual([])
})
