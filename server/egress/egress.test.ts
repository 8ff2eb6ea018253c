import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { type EgressOptions, type Outgoing, openEgress } from './egress.ts'
import { accept, answer, inUse, type Manner, receive, receiveTls, saying, soon } from './receivers.fixture.ts'
import { CERTIFICATE } from './self-signed.fixture.ts'

test('sends what it was given and returns what came', async () => {
  const receiver = await receive(saying(answer('{"ok":true}', '201 Created', 'X-Id: 7\r\nSet-Cookie: a=b\r\n')))
  const came = await client().send({
    method: 'POST',
    url: `${receiver.url}?a=1&b=%20#part`,
    headers: { 'Content-Type': 'application/json', 'X-Signature': 'v1,abc', 'Accept-Encoding': 'gzip', Host: 'elsewhere.test' },
    body: '{"name":"Zoë"}',
  })
  expect(came).toEqual({
    ok: true,
    status: 201,
    headers: { 'x-id': '7', 'content-length': '11' },
    body: Buffer.from('{"ok":true}'),
    truncated: false,
    ms: expect.any(Number),
  })
  const [head = '', body = ''] = receiver.requests[0]!.split('\r\n\r\n')
  expect(head.split('\r\n').sort()).toEqual(
    [
      'POST /hook?a=1&b=%20 HTTP/1.1',
      `host: 127.0.0.1:${receiver.port}`,
      'connection: keep-alive',
      'Content-Type: application/json',
      'X-Signature: v1,abc',
      'accept-encoding: identity',
      'content-length: 15',
    ].sort(),
  )
  expect(Buffer.from(body, 'latin1').toString()).toBe('{"name":"Zoë"}')
})

test('every method and a body of bytes', async () => {
  const receiver = await receive(saying(answer('ok')))
  const egress = client()
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
    expect(await egress.send({ ...post(receiver.url), method, body: Buffer.from([1, 2, 255]) })).toMatchObject({ status: 200 })
  expect(receiver.requests.map(request => request.split(' ')[0])).toEqual(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
  expect(receiver.requests.every(request => request.endsWith('\r\n\r\n\x01\x02\xff'))).toBe(true)
})

test('one exchange after the other uses one connection, and many at once at most 32', async () => {
  const one = await receive(saying(answer('ok')))
  const egress = client()
  for (let k = 0; k < 100; k++) expect(await egress.send(post(one.url))).toMatchObject({ ok: true })
  expect(one.sockets).toBe(1)

  const many = await receive(saying(answer('ok')))
  const all = await Promise.all(Array.from({ length: 500 }, () => egress.send(post(many.url))))
  expect(all.every(came => came.ok && came.status === 200)).toBe(true)
  expect([many.requests.length, many.sockets]).toEqual([500, 32])
})

test('an idle connection is closed after the time that the server gave, and the next exchange opens another', async () => {
  const receiver = await receive(saying(answer('ok', '200 OK', 'keep-alive: timeout=2\r\n')))
  const egress = client()
  await egress.send(post(receiver.url))
  const [socket] = receiver.open
  await once(socket!, 'close')
  expect(await egress.send(post(receiver.url))).toMatchObject({ ok: true })
  expect(receiver.sockets).toBe(2)
})

test('a server that closes each connection is asked over new ones, while others wait, too', async () => {
  const receiver = await receive(socket => socket.end(answer('ok', '200 OK', 'connection: close\r\n')))
  const all = await Promise.all(Array.from({ length: 100 }, () => client().send(post(receiver.url))))
  expect(all.filter(came => came.ok).length).toBe(100)
  const egress = client()
  const queued = await Promise.all(Array.from({ length: 100 }, () => egress.send(post(receiver.url))))
  expect(queued.filter(came => came.ok).length).toBe(100)
  expect(receiver.requests.length).toBe(200)
})

test('a connection that the server closes under the second request is reported, and the request is not sent again', async () => {
  const receiver = await receive((socket, _, nth) => (nth === 1 ? socket.write(answer('ok')) : socket.resetAndDestroy()))
  const egress = client()
  expect(await egress.send(post(receiver.url))).toMatchObject({ ok: true })
  expect(await egress.send(post(receiver.url))).toMatchObject({ ok: false, failure: 'reset' })
  expect([receiver.sockets, receiver.requests.length]).toEqual([1, 2])
})

test('who waits for a connection longer than its time was not sent', async () => {
  const hanging = await receive(() => {})
  const egress = client()
  const sent = Array.from({ length: 32 }, () => egress.send({ ...post(hanging.url), timeout_ms: 1_000 }))
  const unsent = Array.from({ length: 8 }, () => egress.send({ ...post(hanging.url), timeout_ms: 200 }))
  for (const came of await Promise.all(unsent))
    expect(came).toMatchObject({
      failure: 'timeout',
      message: 'All 32 connections to 127.0.0.1 were busy for 0.2 seconds, so the request was not sent.',
    })
  for (const came of await Promise.all(sent))
    expect(came).toMatchObject({ failure: 'timeout', message: '127.0.0.1 did not answer within a second.' })
  expect(hanging.requests.length).toBe(32)
})

test('whoever waits is served when those before have run out of time', async () => {
  const receiver = await receive((socket, _, nth) => nth > 32 && socket.write(answer('ok')))
  const egress = client()
  const hung = Array.from({ length: 32 }, () => egress.send({ ...post(receiver.url), timeout_ms: 2_000 }))
  const patient = Array.from({ length: 100 }, () => egress.send(post(receiver.url)))
  for (const came of await Promise.all(hung)) expect(came).toMatchObject({ failure: 'timeout' })
  for (const came of await Promise.all(patient)) expect(came).toMatchObject({ ok: true })
  expect(receiver.requests.length).toBe(132)
})

test('a signal stops what waits, what connects and what was sent', async () => {
  const hanging = await receive(() => {})
  const egress = client()
  const stop = new AbortController()
  const all = Array.from({ length: 40 }, () => egress.send({ ...post(hanging.url), signal: stop.signal }))
  while (hanging.requests.length < 32) await soon()
  stop.abort()
  for (const came of await Promise.all(all)) expect(came).toMatchObject({ ok: false, failure: 'aborted' })
  expect(await egress.send({ ...post(hanging.url), signal: stop.signal })).toMatchObject({ failure: 'aborted' })
  expect(hanging.requests.length).toBe(32)
})

test('close ends what is under way and what is idle, and takes nothing more', { timeout: 8_000 }, async () => {
  const hanging = await receive(() => {})
  const idle = await receive(saying(answer('ok', '200 OK', 'keep-alive: timeout=3600\r\n')))
  const egress = client()
  await egress.send(post(idle.url))
  const pending = Array.from({ length: 40 }, () => egress.send(post(hanging.url)))
  while (hanging.requests.length < 32) await soon()
  await egress.close()
  for (const came of await Promise.all(pending)) expect(came).toMatchObject({ ok: false, failure: 'aborted' })
  expect(await egress.send(post(idle.url))).toMatchObject({ ok: false, failure: 'aborted' })
  while (hanging.open.size + idle.open.size > 0) await soon()
})

test('TLS with a trusted certificate works, for the name in it only', async () => {
  const receiver = await receiveTls(saying(answer('safe')))
  const egress = client({ ca: CERTIFICATE })
  expect(await egress.send(post(receiver.url))).toMatchObject({ ok: true, body: Buffer.from('safe') })
  expect(await egress.send(post(receiver.url))).toMatchObject({ ok: true })
  expect(receiver.sockets).toBe(1)
  expect(await egress.send(post(receiver.url.replace('localhost', '127.0.0.1')))).toMatchObject({
    ok: false,
    failure: 'tls',
    message: 'No secure connection to 127.0.0.1 was made: its certificate is for another name.',
  })
  expect(receiver.requests.length).toBe(2)
})

test('a name without an address, a port where nobody listens', async () => {
  const egress = client({ resolve: async name => (name === 'empty.test' ? [] : unknown(name)) })
  const dns = { ok: false, failure: 'dns', message: expect.stringContaining('has no address. Check its spelling.') }
  expect(await egress.send(post('http://missing.test:8080/'))).toMatchObject(dns)
  expect(await egress.send(post('http://empty.test:8080/'))).toMatchObject(dns)
  expect(await egress.send(post('http://127.0.0.1:1/'))).toMatchObject({
    failure: 'refused',
    message: '127.0.0.1 refused the connection: nothing listens on port 1.',
  })
})

test('name servers that never answer hold three questions, each once, and end as dns', async () => {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const egress = client({
    resolve: name => {
      asked.push(name)
      return new Promise(answer => answers.push(() => answer([{ address: '127.0.0.1', family: 4 }])))
    },
  })
  const names = ['a.test', 'a.test', 'a.test', 'b.test', 'c.test', 'd.test', 'e.test']
  const all = await Promise.all(names.map(name => egress.send(post(`http://${name}:1/`))))
  for (const came of all)
    expect(came).toMatchObject({ failure: 'dns', message: expect.stringContaining('its name servers do not answer') })
  expect(asked).toEqual(['a.test', 'b.test', 'c.test'])
  // The three were slow and rest; the two that waited were not.
  for (const answer of answers) answer()
  while (asked.length < 5) await soon()
  for (const answer of answers) answer()
  expect(await egress.send(post('http://a.test:1/'))).toMatchObject({ failure: 'dns' })
  expect(asked.slice(3)).toEqual(['d.test', 'e.test'])
  const again = egress.send(post('http://e.test:1/'))
  while (asked.length < 6) await soon()
  for (const answer of answers) answer()
  expect(await again).toMatchObject({ failure: 'refused' })
})

test('a connection that is not made in five seconds is given up, however long the whole may take', async () => {
  const silent = await accept(() => {})
  expect(await client().send({ ...post(silent.url.replace('http:', 'https:')), timeout_ms: 50_000 })).toMatchObject({
    failure: 'timeout',
    message: 'There was no connection to 127.0.0.1 in time. Check whether a firewall is in between.',
  })
})

test('origins that nobody uses any more are forgotten', async () => {
  const receiver = await receive(saying(answer('ok', '200 OK', 'connection: close\r\n')))
  const egress = client({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
  const callThousand = async (from: number) => {
    for (let k = from; k < from + 1_000; k += 20) {
      const hosts = Array.from({ length: 20 }, (_, n) => `${k + n}.test`)
      const open = await Promise.all(hosts.map(host => egress.send(post(`http://${host}:${receiver.port}/`))))
      const shut = await Promise.all(hosts.map(host => egress.send(post(`http://${host}:1/`))))
      expect([...open, ...shut].filter(came => came.ok).length).toBe(20)
    }
    receiver.requests.length = 0
  }
  await callThousand(0)
  const before = inUse()
  await callThousand(1_000)
  expect(inUse() - before).toBeLessThan(1_000_000)
})

test('a request that cannot be written is answered and harms no other', async () => {
  const receiver = await receive(saying(answer('ok')))
  const egress = client()
  for (const headers of [{ 'x-a': 'b\r\nx-c: d' }, { 'x a': 'b' }, { 'x-a': 'snow ☃' }]) {
    const came = await egress.send({ ...post(receiver.url), headers: headers as Record<string, string> })
    expect(came).toMatchObject({ ok: false, failure: 'protocol', message: expect.stringContaining('cannot be sent') })
  }
  expect(receiver.requests.length).toBe(0)
  expect(await egress.send(post(receiver.url))).toMatchObject({ ok: true })
})

test('at most 50 headers of 1,000 characters are kept, without cookies', async () => {
  const lines = Array.from({ length: 60 }, (_, k) => `X-${k}: ${k}\r\n`).join('')
  const receiver = await receive(
    saying(answer('', '200 OK', `X-Long: ${'l'.repeat(2_000)}\r\nSET-COOKIE: a\r\nX-Two: 1\r\nx-two: 2\r\n${lines}`)),
  )
  const came = await client().send(post(receiver.url))
  if (!came.ok) throw new Error(came.message)
  expect(Object.keys(came.headers).length).toBe(50)
  expect(came.headers).toMatchObject({ 'x-long': 'l'.repeat(1_000), 'x-two': '1,2', 'x-0': '0' })
  expect(came.headers).not.toHaveProperty('set-cookie')
})

test('as much of the body is kept as was asked for, and the connection lives when the rest is small', async () => {
  const long: Manner = saying(answer('0123456789'.repeat(1_000)))
  const receiver = await receive(long)
  const egress = client()
  for (const [keep_bytes, truncated] of [
    [0, true],
    [15, true],
    [9_999, true],
    [10_000, false],
    [20_000, false],
  ] as const) {
    const came = await egress.send({ ...post(receiver.url), keep_bytes })
    expect(came).toMatchObject({ ok: true, truncated })
    expect(came.ok && came.body.toString()).toBe('0123456789'.repeat(1_000).slice(0, keep_bytes))
  }
  expect(receiver.sockets).toBe(1)
})

function client(options: Partial<EgressOptions> = {}) {
  const egress = openEgress({ allowed_cidrs: ['127.0.0.0/8', '::1/128'], ...options })
  onTestFinished(() => egress.close())
  return egress
}

function post(url: string): Outgoing {
  return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body: '{}' }
}

async function unknown(name: string): Promise<never> {
  throw Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' })
}
