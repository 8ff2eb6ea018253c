import { expect, test } from 'vitest'
import { GOOD, NAMES, REFUSED } from './addresses.fixture.ts'
import { openEgress } from './egress.ts'
import { judgeAddress } from './guard.ts'
import type { Resolved } from './lookup.ts'
import { ANYWHERE, answer, LOOPBACK_6, receive, saying } from './receivers.fixture.ts'

const LOOPBACK = ['127.0.0.0/8', '::1/128']

test('no form of a blocked address reaches a socket of this machine', async () => {
  expect(REFUSED.length).toBeGreaterThan(200)
  const canary = await receive(saying(answer('reached')), ANYWHERE)
  const egress = openEgress({ allowed_cidrs: [], resolve: nameServer })
  for (const form of REFUSED) {
    const url = form.replace('PORT', String(canary.port))
    expect(judgeAddress(url, []), url).toMatch(/^[^ ]+ .+\.$/)
    expect(await egress.send(get(url)), url).toMatchObject({ ok: false, failure: 'blocked' })
  }
  expect(canary.sockets).toBe(0)

  // The same socket is reached as soon as the operator says so, in whatever form the address is written.
  const allowing = openEgress({ allowed_cidrs: LOOPBACK })
  const forms = ['127.0.0.1', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', ...(LOOPBACK_6 ? ['[::1]'] : [])]
  for (const host of forms) {
    expect(judgeAddress(`http://${host}:${canary.port}/`, LOOPBACK)).toBe(null)
    expect(await allowing.send(get(`http://${host}:${canary.port}/`)), host).toMatchObject({ ok: true, status: 200 })
  }
  expect(canary.requests.length).toBe(forms.length)
})

test('no name that leads to a blocked address reaches a socket of this machine', async () => {
  const canary = await receive(saying(answer('reached')), ANYWHERE)
  const egress = openEgress({ allowed_cidrs: [], resolve: nameServer })
  for (const name of Object.keys(NAMES).filter(name => name !== 'public.test'))
    expect(await egress.send(get(`http://${name}:${canary.port}/`)), name).toMatchObject({ ok: false, failure: 'blocked' })
  expect(await egress.send(get(`http://LOCALHOST:${canary.port}/`))).toMatchObject({ failure: 'blocked' })
  expect(await egress.send(get(`http://Bücher.test:${canary.port}/`))).toMatchObject({ failure: 'blocked' })
  expect(canary.sockets).toBe(0)

  const allowing = openEgress({ allowed_cidrs: LOOPBACK, resolve: nameServer })
  for (const name of ['loopback.test', 'alias-of-alias.test', '127.0.0.1.nip.test', 'localhost', 'mapped.test'])
    expect(await allowing.send(get(`http://${name}:${canary.port}/`)), name).toMatchObject({ ok: true })
})

test('who allows the loopback range of IPv4 has allowed localhost, which is both', () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]']) expect(judgeAddress(`http://${host}:9000/`, ['127.0.0.0/8'])).toBe(null)
  expect(judgeAddress('http://[::1]:9000/', ['127.0.0.1/32'])).toMatch(/WEBHOOK_ALLOWED_CIDRS/)
})

test('a name that was good a moment ago is judged again for the next connection', async () => {
  const receiver = await receive(saying(answer('good', '200 OK', 'connection: close\r\n')))
  const canary = await receive(saying(answer('reached')), LOOPBACK_6 ?? ANYWHERE)
  let asked = 0
  const rebinding = async () => [asked++ === 0 ? { address: '127.0.0.1', family: 4 } : { address: '::1', family: 6 }]
  const egress = openEgress({ allowed_cidrs: ['127.0.0.1/32'], resolve: rebinding })
  expect(await egress.send(get(`http://rebinding.test:${receiver.port}/`))).toMatchObject({ ok: true, status: 200 })
  expect(asked).toBe(1) // what was judged is what was dialled: there is no second question in between
  expect(await egress.send(get(`http://rebinding.test:${receiver.port}/`))).toMatchObject({ ok: false, failure: 'blocked' })
  expect(await egress.send(get(`http://rebinding.test:${canary.port}/`))).toMatchObject({ ok: false, failure: 'blocked' })
  expect(asked).toBe(3)
  expect([receiver.sockets, canary.sockets]).toEqual([1, 0])
})

test('a redirect is an answer and is never followed', async () => {
  const canary = await receive(saying(answer('reached')), ANYWHERE)
  const egress = openEgress({ allowed_cidrs: LOOPBACK })
  for (const target of ['http://169.254.169.254/latest/meta-data/', `http://127.0.0.1:${canary.port}/`, 'file:///etc/passwd'])
    for (const status of ['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent', '300 Choices']) {
      const receiver = await receive(saying(answer('', status, `location: ${target}\r\n`)))
      const came = await egress.send(get(receiver.url))
      expect(came).toMatchObject({ ok: true, status: Number.parseInt(status, 10), headers: { location: target } })
      expect(receiver.requests.length).toBe(1)
    }
  expect(canary.sockets).toBe(0)
})

test('good addresses are let through', () => {
  for (const url of GOOD) expect(judgeAddress(url, []), url).toBe(null)
})

test('ranges that the operator allows win over blocked ones and over ports', () => {
  const allowed = ['10.0.0.0/8', 'fd00::/8', '::ffff:192.168.0.0/112']
  const good = [
    'http://10.1.2.3/',
    'http://10.1.2.3:22/',
    'http://10.1.2.3:6667/',
    'http://[::ffff:10.0.0.1]:1/',
    'http://[fd12::1]:25/',
  ]
  for (const url of [...good, 'http://192.168.200.1/', 'http://[64:ff9b::10.0.0.1]/'])
    expect(judgeAddress(url, allowed), url).toBe(null)
  const bad = [
    'http://11.0.0.1:22/',
    'http://8.8.8.8:6667/',
    'http://192.169.0.1:25/',
    'http://172.16.0.1/',
    'http://10.1.2.3:0/',
  ]
  for (const url of [...bad, 'http://user@10.1.2.3/']) expect(judgeAddress(url, allowed), url).not.toBe(null)
  expect(judgeAddress('http://intranet:25/', allowed)).toBe(null) // it may lead into 10.0.0.0/8; known when it is dialled
  expect(judgeAddress('http://intranet:25/', [])).toMatch('Port 25')
})

test('a port for another protocol is open to names in an allowed range only', async () => {
  const egress = openEgress({ allowed_cidrs: LOOPBACK, resolve: nameServer })
  expect(await egress.send(get('http://public.test:25/'))).toMatchObject({
    failure: 'blocked',
    message: expect.stringContaining('Port 25'),
  })
  expect(await egress.send(get('http://loopback.test:1/'))).toMatchObject({ failure: 'refused' })
})

test('the metadata of the cloud needs its exact address to be allowed', () => {
  const url = 'http://169.254.169.254/latest/'
  for (const allowed of [[], ['169.254.0.0/16'], ['0.0.0.0/0'], ['::/0']]) {
    expect(judgeAddress(url, allowed), allowed.join()).toMatch('exactly')
    expect(judgeAddress('http://[64:ff9b::a9fe:a9fe]/', allowed)).toMatch('exactly')
    expect(judgeAddress('http://[::ffff:a9fe:a9fe]/', allowed)).toMatch('exactly')
  }
  expect(judgeAddress(url, ['169.254.169.254/32'])).toBe(null)
  expect(judgeAddress('http://[fd00:ec2::254]/', ['fd00::/8'])).toMatch('exactly')
  expect(judgeAddress('http://[fd00:ec2::254]/', ['fd00:ec2::254/128'])).toBe(null)
})

test('what is wrong is said in a sentence that tells what to do', () => {
  expect(judgeAddress('http://10.0.0.5/', [])).toBe(
    '10.0.0.5 leads to a private network, so it is not called. Whoever runs this server can allow its address in WEBHOOK_ALLOWED_CIDRS.',
  )
  expect(judgeAddress('example.com/hook', [])).toBe('This is not an address. Write one such as https://example.com/hook.')
  expect(judgeAddress('ftp://example.com/', [])).toBe('The address must begin with https:// or http://.')
  expect(judgeAddress('https://me:secret@example.com/', [])).toBe(
    'Leave user and password out of the address and send them as a header.',
  )
  expect(judgeAddress('https://example.com:22/', [])).toBe(
    'Port 22 is not one for receivers. Use 80, 443 or a port from 1024 on.',
  )
})

test('of a name in a private network the address is not told', async () => {
  const egress = openEgress({ allowed_cidrs: [], resolve: nameServer })
  const came = await egress.send(get('http://private.test/'))
  expect(came).toMatchObject({ failure: 'blocked', message: expect.stringContaining('WEBHOOK_ALLOWED_CIDRS') })
  expect(JSON.stringify(came)).not.toContain('10.0.0.5')
})

test('a range that is none stops the start', () => {
  for (const range of ['10.0.0.0/33', '10.0/8', '::1/129', '1.2.3.4', 'localhost'])
    expect(() => openEgress({ allowed_cidrs: [range] }), range).toThrow(`but it holds "${range}"`)
})

function get(url: string) {
  return { method: 'GET' as const, url, headers: {} }
}

async function nameServer(hostname: string): Promise<Resolved[]> {
  const found = NAMES[hostname]
  if (!found) throw Object.assign(new Error(`no such name: ${hostname}`), { code: 'ENOTFOUND' })
  if ('is' in found) return nameServer(found.is)
  return found.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
}
