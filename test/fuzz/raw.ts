import { connect } from 'node:net'
import type { Chance } from '../seeded.ts'

/** What no client of ours would send: heads that are no HTTP, or lie about the body. */
export function rawRequest(key: string, chance: Chance): string {
  const body = '{"type":"track","event":"raw","anonymousId":"raw"}'
  const path = chance.pick(['/v1/track', '/api/v1/contacts', '/api/v1/contacts/1', '/', '/nothing'])
  const head = (line: string, ...headers: string[]) =>
    `${[line, 'host: x', `authorization: Bearer ${key}`, ...headers].join('\r\n')}\r\n\r\n`
  return chance.pick([
    () => head(`POST ${path} HTTP/1.1`, 'content-length: 10', 'content-type: application/json') + body,
    () => head(`POST ${path} HTTP/1.1`, 'content-length: -1') + body,
    () => head(`POST ${path} HTTP/1.1`, 'content-length: 5', 'content-length: 6') + body,
    () => head(`POST ${path} HTTP/1.1`, 'content-length: 5', 'transfer-encoding: chunked') + body,
    () =>
      `${head(`POST ${path} HTTP/1.1`, 'content-type: application/json', 'transfer-encoding: chunked')}zz\r\n${body}\r\n0\r\n\r\n`,
    () =>
      `${head(`POST ${path} HTTP/1.1`, 'content-type: application/json', 'transfer-encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    () => head(`GET ${path} HTTP/9.9`),
    () => head(`GARBAGE ${path} HTTP/1.1`),
    () => head(`GET ${path}?${'a=b&'.repeat(20_000)} HTTP/1.1`),
    () => head(`GET /api/v1/contacts/%ff%fe HTTP/1.1`),
    () => head(`GET http://[::1/ HTTP/1.1`),
    () => head(`GET //evil.example/..%2f HTTP/1.1`),
    () => head(`GET * HTTP/1.1`),
    () => head(`OPTIONS * HTTP/1.1`),
    () => head(`CONNECT example.com:443 HTTP/1.1`),
    () => head(`GET ${path} HTTP/1.1`, `x-many: ${'y'.repeat(70_000)}`),
    () => head(`GET ${path} HTTP/1.1`, ...Array.from({ length: 3000 }, (_, k) => `x-${k}: y`)),
    () => head(`GET ${path} HTTP/1.1`, 'bad header: x'),
    () => head(`GET ${path} HTTP/1.1`, 'x-nul: a\0b'),
    () => head(`GET ${path} HTTP/1.1`, 'expect: 200-maybe'),
    () => head(`GET ${path} HTTP/1.1`, 'upgrade: websocket', 'connection: upgrade'),
    () => head(`PRI * HTTP/2.0`),
    () => `GET ${path} HTTP/1.1\r\n\r\n`,
    () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    () => `${'\0'.repeat(100)}\r\n\r\n`,
  ])()
}

/** Sends the bytes and returns all that comes back until the server ends it, or nothing more comes. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise(resolve => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    const end = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('data', chunk => {
      answer += chunk.toString('latin1')
      socket.setTimeout(100)
    })
    socket.setTimeout(500, end)
    socket.on('error', end)
    socket.on('end', end)
  })
}
