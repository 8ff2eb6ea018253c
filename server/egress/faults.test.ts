import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, type Outgoing, openEgress } from './egress.ts'
import {
  accept,
  answer,
  dripping,
  inUse,
  type Manner,
  receive,
  receiveTls,
  saying,
  soon,
  untilClosed,
  withoutEnd,
} from './receivers.fixture.ts'

const GIGABYTE = 1_073_741_824

const NO_ANSWER: [what: string, manner: Manner, failure: string, message: string][] = [
  ['hangs before its headers', () => {}, 'timeout', '127.0.0.1 did not answer within 0.4 seconds.'],
  ['drips its headers', dripping('HTTP/1.1 200 OK\r\n', 'x'), 'timeout', '127.0.0.1 did not answer within 0.4 seconds.'],
  [
    'says 100 Continue only',
    saying('HTTP/1.1 100 Continue\r\n\r\n'),
    'protocol',
    'What 127.0.0.1 sent is not an answer in HTTP/1.1 (bad response).',
  ],
  [
    'gives early hints without end',
    dripping('', 'HTTP/1.1 103 Early Hints\r\n\r\n'),
    'timeout',
    '127.0.0.1 did not answer within 0.4 seconds.',
  ],
  ['resets the connection', socket => socket.resetAndDestroy(), 'reset', '127.0.0.1 closed the connection before it answered.'],
  ['closes without a word', socket => socket.end(), 'reset', '127.0.0.1 closed the connection before it answered.'],
  [
    'closes amid its headers',
    socket => socket.end('HTTP/1.1 200 OK\r\nx-a: b\r\nx-'),
    'reset',
    '127.0.0.1 closed the connection before it answered.',
  ],
  [
    'sends garbage',
    saying(createHash('sha512').update('garbage').digest()),
    'protocol',
    'What 127.0.0.1 sent is not an answer in HTTP/1.1 (Expected HTTP/, RTSP/ or ICE/).',
  ],
  [
    'greets as SSH does',
    saying('SSH-2.0-OpenSSH_9.2\r\n'),
    'protocol',
    'What 127.0.0.1 sent is not an answer in HTTP/1.1 (Expected HTTP/, RTSP/ or ICE/).',
  ],
  [
    'answers in HTTP/0.9',
    socket => socket.end('<h1>hello</h1>'),
    'protocol',
    'What 127.0.0.1 sent is not an answer in HTTP/1.1 (Expected HTTP/, RTSP/ or ICE/).',
  ],
  [
    'sends headers of 100 KB',
    saying(answer('', '200 OK', `x: ${'y'.repeat(100_000)}\r\n`)),
    'protocol',
    'The headers that 127.0.0.1 sent are larger than 16 KB.',
  ],
  [
    'sends headers without end',
    dripping('HTTP/1.1 200 OK\r\n', `x: ${'y'.repeat(1_000)}\r\n`),
    'protocol',
    'The headers that 127.0.0.1 sent are larger than 16 KB.',
  ],
  [
    'gives two lengths',
    saying('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    'protocol',
    'What 127.0.0.1 sent is not an answer in HTTP/1.1 (Response body length does not match content-length header).',
  ],
]

const ANSWERS: [what: string, manner: Manner, body: string, truncated: boolean][] = [
  ['drips its body', dripping('HTTP/1.1 200 OK\r\n\r\n', 'x'), 'xxx', true],
  ['hangs after its headers', saying('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'), '', true],
  ['resets amid its body', cutAfter('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc'), 'abc', true],
  ['resets after its body', cutAfter(answer('abc')), 'abc', false],
  ['closes before the length it gave', socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'), 'abc', true],
  ['closes amid a chunk', socket => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc'), 'abc', true],
  ['sends more than the length it gave', saying('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdefghi'), 'abc', false],
  ['breaks its chunks', saying('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n'), 'abc', true],
  ['ends its body by closing', socket => socket.end('HTTP/1.0 200 OK\r\n\r\nabc'), 'abc', false],
  ['gives early hints first', saying(`HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n${answer('abc')}`), 'abc', false],
]

/** Where the time must run out. */
const SHORTLY = { timeout_ms: 400 }

for (const [what, manner, failure, message] of NO_ANSWER)
  test(`a receiver that ${what}`, async () => {
    const receiver = await receive(manner)
    expect(await client().send({ ...post(receiver.url), ...(failure === 'timeout' && SHORTLY) })).toEqual({
      ok: false,
      failure,
      message,
      ms: expect.any(Number),
    })
    expect(receiver.requests.length).toBe(1)
    await untilClosed(receiver)
  })

for (const [what, manner, body, truncated] of ANSWERS)
  test(`a receiver that ${what} has answered`, async () => {
    const receiver = await receive(manner)
    const ends = !/^(drips|hangs)/.test(what)
    const came = await client().send({ ...post(receiver.url), ...(!ends && SHORTLY) })
    expect(came).toMatchObject({ ok: true, status: 200, truncated })
    expect(textOf(came).slice(0, 3)).toBe(body)
    expect(receiver.requests.length).toBe(1)
  })

test('what a receiver sends too much is not taken for its next answer', async () => {
  const receiver = await receive((socket, _, nth) => {
    socket.write(nth === 1 ? answer('first') + answer('smuggled') : answer(`number ${nth}`))
  })
  const egress = client()
  const all = await Promise.all(Array.from({ length: 64 }, () => egress.send(post(receiver.url))))
  all.push(await egress.send(post(receiver.url)))
  expect(all.filter(came => textOf(came) === 'first').length).toBe(1)
  expect(all.filter(came => textOf(came).startsWith('number ')).length).toBe(64)
})

test('an answer of a gigabyte is cut soon after what is kept', async () => {
  for (const head of [`content-length: ${GIGABYTE}`, 'x-length: none']) {
    const manner = withoutEnd(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`)
    const receiver = await receive(manner)
    const came = await client().send(post(receiver.url))
    expect(came).toMatchObject({ ok: true, status: 200, truncated: true })
    expect(textOf(came)).toBe('x'.repeat(16_384))
    await untilClosed(receiver)
    expect(manner.sent).toBeLessThan(16_000_000) // what the buffers of two sockets hold
  }
})

test('a gzip bomb is kept as it came', async () => {
  const bomb = gzipSync(Buffer.alloc(64_000_000))
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`
  const receiver = await receive(saying(Buffer.concat([Buffer.from(head), bomb])))
  const came = await client().send(post(receiver.url))
  expect(came).toMatchObject({ ok: true, status: 200, truncated: true, body: bomb.subarray(0, 16_384) })
  expect(receiver.requests[0]).toContain('accept-encoding: identity\r\n')
})

test('a hundred bodies without end, byte by byte or in large pieces, cost no memory', async () => {
  const single = Buffer.from('1\r\nx\r\n'.repeat(10_000))
  const receivers = [
    await receive(withoutEnd(`HTTP/1.1 200 OK\r\ncontent-length: ${GIGABYTE}\r\n\r\n`)),
    await receive(withoutEnd('HTTP/1.1 200 OK\r\n\r\n')),
    await receive(withoutEnd('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', single)),
  ]
  const egress = client()
  const once = () => Promise.all(receivers.map(({ url }) => egress.send(post(url))))
  await once() // what is loaded once is not counted
  const before = inUse()
  const kept: Answer[][] = []
  for (let round = 0; round < 34; round++) kept.push(await once())
  expect(kept.flat().every(came => came.ok && came.truncated && came.body.length === 16_384)).toBe(true)
  expect(inUse() - before).toBeLessThan(64_000_000)
})

test('a thousand sockets that hang cost little, and another receiver is answered meanwhile', { timeout: 60_000 }, async () => {
  const hanging = await Promise.all(Array.from({ length: 32 }, () => receive(() => {})))
  const healthy = await receive(saying(answer('ok')))
  const egress = client()
  const before = inUse()
  let given_up = 0
  const hung = hanging.flatMap(({ url }) => Array.from({ length: 50 }, () => egress.send({ ...post(url), timeout_ms: 8_000 })))
  for (const each of hung) void each.then(() => given_up++)
  while (hanging.some(receiver => receiver.requests.length < 32)) await soon()
  for (let k = 0; k < 50; k++) expect(await egress.send({ ...post(healthy.url), timeout_ms: 8_000 })).toMatchObject({ ok: true })
  expect(given_up).toBe(0)
  expect(inUse() - before).toBeLessThan(128_000_000) // both ends of 1,024 sockets
  await egress.close()
  for (const came of await Promise.all(hung)) expect(came).toMatchObject({ ok: false, failure: 'aborted' })
  for (const receiver of hanging) await untilClosed(receiver)
})

test('TLS with a certificate that nobody signed', async () => {
  const receiver = await receiveTls(saying(answer('never')))
  const unsigned = 'No secure connection to localhost was made: nobody that this server trusts signed its certificate.'
  expect(await client().send(post(receiver.url))).toEqual({
    ok: false,
    failure: 'tls',
    message: `${unsigned} For an authority of your own set NODE_EXTRA_CA_CERTS.`,
    ms: expect.any(Number),
  })
  expect(receiver.requests).toEqual([])
})

test('where TLS was expected, plain HTTP, an early end and silence', async () => {
  const message = (reason: string) => `No secure connection to 127.0.0.1 was made: ${reason}`
  const plain = await accept(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  expect(await client().send(post(securely(plain.url)))).toMatchObject({
    failure: 'tls',
    message: message('it does not speak TLS on this port. Is it http:// instead?'),
  })
  const hasty = await accept(socket => socket.resetAndDestroy())
  expect(await client().send(post(securely(hasty.url)))).toMatchObject({
    failure: 'tls',
    message: message('it closed the connection amid the handshake.'),
  })
  const silent = await accept(() => {})
  expect(await client().send({ ...post(securely(silent.url)), ...SHORTLY })).toMatchObject({
    failure: 'timeout',
    message: 'There was no connection to 127.0.0.1 within 0.4 seconds.',
  })
})

test('TLS is answered to a request without it', async () => {
  const tls = await receiveTls(saying(answer('never')))
  const came = await client().send(post(tls.url.replace('https:', 'http:')))
  expect(came.ok).toBe(false)
  expect(['reset', 'protocol']).toContain(!came.ok && came.failure)
})

test('a receiver that never reads a large request', async () => {
  const receiver = await receive(() => {})
  const egress = client()
  const sending = egress.send({ ...post(receiver.url), ...SHORTLY, body: Buffer.alloc(50_000_000) })
  while (receiver.open.size === 0) await soon()
  for (const socket of receiver.open) socket.pause()
  expect(await sending).toMatchObject({ ok: false, failure: 'timeout' })
})

function client() {
  const egress = openEgress({ allowed_cidrs: ['127.0.0.0/8', '::1/128'] })
  onTestFinished(() => egress.close())
  return egress
}

/** What is no matter of time has as much of it as a busy machine may need. */
function post(url: string): Outgoing {
  return { method: 'POST', url, headers: {}, body: '{}', timeout_ms: 10_000 }
}

function cutAfter(text: string): Manner {
  return socket => socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 50))
}

function textOf(came: Answer) {
  if (!came.ok) throw new Error(`${came.failure}: ${came.message}`)
  return came.body.toString()
}

function securely(url: string) {
  return url.replace('http:', 'https:')
}
