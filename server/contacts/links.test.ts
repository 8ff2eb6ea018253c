import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, bearer, bob, identify, page, sally, sarah, track, traitsOf } from '../../test/people.ts'
import { secretFor } from '../secrets.ts'
import { signLink } from './email-link.ts'

const SHOP = 'https://shop.example/lesson?utm_source=letter'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
  await fresh.database.system`update workspaces set allowed_hosts = '{shop.example}'`
})

describe('making a link', () => {
  test('answers an address of this server and when it ends, and leaves an activity', async () => {
    const id = await contactOf(sally)
    const answer = await makeLink(id, { url: SHOP, expires_in_days: 7 })
    expect(answer.statusCode).toBe(201)
    const { url, expires_at } = answer.json()
    expect(url.startsWith(`${fresh.context.config.public_url}/l/`)).toBe(true)
    expect(Math.round((Date.parse(expires_at) - Date.now()) / 86_400_000)).toBe(7)
    const [activity] = await fresh.database.system`
      select actor, after from activities where action = 'contact.link_created' and contact_id = ${id}`
    expect(activity).toMatchObject({ actor: { kind: 'key' }, after: { url: SHOP, expires_at } })
  })

  test.each([
    'https://evil.example/',
    'https://shop.example.evil.example/',
    'https://notshop.example/',
    'https://shop.example@evil.example/',
  ])('says where to allow the host of %s', async url => {
    const answer = await makeLink(await contactOf(sally), { url })
    expect(answer.statusCode).toBe(422)
    expect(answer.json().error.fields.url).toMatch(/not allowed yet.*Settings, Allowed hosts/)
  })

  test.each(['lesson', 'javascript:alert(1)', 'mailto:sally@example.com', ''])('refuses %s, which is no page', async url => {
    expect((await makeLink(await contactOf(sally), { url })).statusCode).toBe(422)
  })

  test("is refused for another workspace's contact and without the scope", async () => {
    const id = await contactOf(sally)
    const other = await fresh.another()
    const post = (key: string) =>
      fresh.app.inject({ method: 'POST', url: `/api/v1/contacts/${id}/links`, payload: { url: SHOP }, headers: bearer(key) })
    expect((await post(other.secret_key)).statusCode).toBe(404)
    expect((await post(fresh.write_key)).statusCode).toBe(403)
  })

  test('makes one link for one Idempotency-Key', async () => {
    const id = await contactOf(sally)
    const once = { 'idempotency-key': 'one-letter' }
    expect((await makeLink(id, { url: SHOP }, once)).json()).toEqual((await makeLink(id, { url: SHOP }, once)).json())
  })
})

describe('following a link', () => {
  test('leads on with the token and records the click with the contact', async () => {
    const id = await contactOf(sally)
    const answer = await follow(await linkOf(id))
    expect(answer.statusCode).toBe(302)
    const target = new URL(answer.headers.location as string)
    expect([target.origin + target.pathname, target.searchParams.get('utm_source')]).toEqual([
      'https://shop.example/lesson',
      'letter',
    ])
    expect(await clicksOf(id)).toBe(1)
  })

  test('the tracker on that page makes the device one of the contact, with what it did before', async () => {
    const id = await contactOf(sally)
    await send(page('Home', { anonymousId: 'reading-tablet' }))
    const target = new URL((await follow(await linkOf(id))).headers.location as string)
    const context = { email_link_token: target.searchParams.get('tl') }
    await send(page('Lesson', { anonymousId: 'reading-tablet', context }))
    expect(await contactIdOf('reading-tablet')).toBe(id)
    const [link] = await fresh.database.system`
      select l.reason, l.outcome
        from identity_links l
        join visitors v on v.workspace_id = l.workspace_id and v.id = l.visitor_id
       where v.distinct_id = 'reading-tablet'`
    expect(link).toEqual({ reason: 'email_link', outcome: 'linked' })
    const events = await fresh.app.inject({
      url: `/api/v1/events?distinct_id=reading-tablet`,
      headers: bearer(fresh.secret_key),
    })
    expect(JSON.stringify(events.json().data)).not.toContain(context.email_link_token)
  })

  test("somebody else's device stays theirs", async () => {
    const [id] = await Promise.all([contactOf(sally), contactOf(bob)])
    const token = tokenOf(await linkOf(id))
    await send(page('Lesson', { anonymousId: bob.laptop, context: { email_link_token: token } }))
    expect(await contactIdOf(bob.laptop)).toBe(await contactOf(bob))
  })

  test('a link that was changed leads nowhere and identifies nobody', async () => {
    const token = tokenOf(await linkOf(await contactOf(sally)))
    const [body = '', signature = ''] = token.split('.')
    const forged = Buffer.from(Buffer.from(body, 'base64url').toString().replace('shop.example', 'evil.example')).toString(
      'base64url',
    )
    for (const wrong of [
      `${forged}.${signature}`,
      `${body}.${signature.slice(1)}`,
      body,
      `${token}.x`,
      `${token}x`,
      'x',
      '%00',
    ]) {
      expect((await fresh.app.inject({ url: `/l/${wrong}` })).statusCode, wrong).toBe(404)
    }
    await send(page('Lesson', { anonymousId: 'forger', context: { email_link_token: `${forged}.${signature}` } }))
    await send(page('Lesson', { anonymousId: 'forger', context: { email_link_token: { not: 'text' } } }))
    expect(await contactIdOf('forger')).toBeNull()
  })

  test('a link that is too old leads nowhere and identifies nobody', async () => {
    const token = sign({ contact_id: await contactOf(sally), url: SHOP, expires_at: Date.now() - 1 })
    expect((await fresh.app.inject({ url: `/l/${token}` })).statusCode).toBe(404)
    await send(page('Lesson', { anonymousId: 'late', context: { email_link_token: token } }))
    expect(await contactIdOf('late')).toBeNull()
  })

  test('a host that was taken off the list since is not led to', async () => {
    const token = sign({ contact_id: await contactOf(sally), url: 'https://former.example/', expires_at: Date.now() + 60_000 })
    const answer = await fresh.app.inject({ url: `/l/${token}` })
    expect(answer.statusCode).toBe(404)
    expect(answer.headers.location).toBeUndefined()
  })

  test('a token of one workspace identifies nobody in another one', async () => {
    const token = tokenOf(await linkOf(await contactOf(sally)))
    const other = await fresh.another()
    await send(page('Lesson', { anonymousId: 'traveller', context: { email_link_token: token } }), other.write_key)
    const [visitor] = await fresh.database.system`
      select contact_id from visitors where workspace_id = ${other.workspace_id} and distinct_id = 'traveller'`
    expect(visitor!.contact_id).toBeNull()
  })

  test('a contact that was merged since is the one that it is part of now', async () => {
    const [winner, loser] = [await contactOf(sally), await contactOf(sarah)]
    const url = await linkOf(loser)
    await fresh.app.inject({
      method: 'POST',
      url: `/api/v1/contacts/${winner}/merge`,
      payload: { other_id: loser, force: true },
      headers: bearer(fresh.secret_key),
    })
    const before = await clicksOf(winner)
    expect((await follow(url)).statusCode).toBe(302)
    expect(await clicksOf(winner)).toBe(before + 1)
    await send(page('Lesson', { anonymousId: 'merged-reader', context: { email_link_token: tokenOf(url) } }))
    expect(await contactIdOf('merged-reader')).toBe(winner)
  })

  test('a contact that was made by hand gets the click too, though no device of theirs is known', async () => {
    const answer = await fresh.app.inject({
      method: 'POST',
      url: '/api/v1/contacts',
      payload: { email: 'desk@example.com' },
      headers: bearer(fresh.secret_key),
    })
    const { id } = answer.json()
    expect((await follow(await linkOf(id))).statusCode).toBe(302)
    expect(await clicksOf(id)).toBe(1)
  })

  test('a machine that looks at the link first does not count as a click', async () => {
    const id = await contactOf(bob)
    const url = await linkOf(id)
    const { pathname } = new URL(url)
    await fresh.app.inject({ method: 'HEAD', url: pathname })
    await fresh.app.inject({ url: pathname, headers: { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' } })
    expect(await clicksOf(id)).toBe(0)
  })

  test('a long address fits into a link', async () => {
    const id = await contactOf(sally)
    const url = `${SHOP}&${'x'.repeat(1900)}`
    const answer = await follow((await makeLink(id, { url })).json().url)
    expect(answer.headers.location).toContain('x'.repeat(1900))
  })
})

function makeLink(id: number, payload: object, headers: Record<string, string> = {}) {
  const url = `/api/v1/contacts/${id}/links`
  return fresh.app.inject({ method: 'POST', url, payload, headers: { ...bearer(fresh.secret_key), ...headers } })
}

async function linkOf(id: number): Promise<string> {
  return (await makeLink(id, { url: SHOP })).json().url
}

function follow(url: string) {
  return fresh.app.inject({
    url: new URL(url).pathname,
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/142.0' },
  })
}

function tokenOf(url: string) {
  return new URL(url).pathname.slice('/l/'.length)
}

/** As this server would have, with what its own verb never signs. */
function sign(link: { contact_id: number; url: string; expires_at: number }) {
  return signLink(secretFor(fresh.context.config, 'email links'), { workspace_id: fresh.workspace_id, ...link })
}

async function send(message: object, key = fresh.write_key) {
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload: { batch: [message] }, headers: basic(key) })
  expect(answer.json()).toEqual({ success: true })
}

/** Logs a person in on their laptop, and says which contact that made. */
async function contactOf(person: typeof sally): Promise<number> {
  await send(identify({ anonymousId: person.laptop, userId: person.user_id, traits: traitsOf(person) }))
  await send(track('lesson_opened', { anonymousId: person.laptop, userId: person.user_id }))
  return (await contactIdOf(person.user_id))!
}

async function contactIdOf(distinct_id: string): Promise<number | null> {
  const [visitor] = await fresh.database.system<{ contact_id: number | null }[]>`
    select contact_id from visitors where workspace_id = ${fresh.workspace_id} and distinct_id = ${distinct_id}`
  return visitor!.contact_id
}

async function clicksOf(contact_id: number): Promise<number> {
  const [row] = await fresh.database.system<{ clicks: number }[]>`
    select count(*)::int as clicks
      from events e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where v.contact_id = ${contact_id} and e.event = 'email_clicked' and not e.is_bot`
  return row!.clicks
}
