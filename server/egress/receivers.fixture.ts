import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { createServer as createTlsServer } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { onTestFinished } from 'vitest'
import { CERTIFICATE, PRIVATE_KEY } from './self-signed.fixture.ts'

const SPEAKS_6 = Object.values(networkInterfaces()).some(each => each?.some(({ address }) => address === '::1'))

/** Every address of this machine, of IPv6 where it has any. */
export const ANYWHERE = SPEAKS_6 ? '::' : '0.0.0.0'
/** Another address of this machine than 127.0.0.1. */
export const LOOPBACK_6 = SPEAKS_6 ? '::1' : null

/** A real server that counts what reaches it. */
export type Receiver = { url: string; port: number; sockets: number; requests: string[]; open: Set<Socket> }

/** Called for each request whose headers and body have come; `nth` counts from 1. */
export type Manner = (socket: Socket, request: string, nth: number) => void

/** Listens at 127.0.0.1 unless told otherwise, and stops with the test. */
export async function receive(manner: Manner, host = '127.0.0.1'): Promise<Receiver> {
  return start(createServer(), 'connection', manner, host, 'http')
}

/** Does not wait for a request. */
export async function accept(greet: (socket: Socket) => void): Promise<Receiver> {
  const server = createServer(greet)
  return start(server, 'connection', () => {}, '127.0.0.1', 'http')
}

export async function receiveTls(manner: Manner): Promise<Receiver> {
  return start(createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }), 'secureConnection', manner, '127.0.0.1', 'https')
}

async function start(server: Server, event: string, manner: Manner, host: string, scheme: string): Promise<Receiver> {
  const receiver: Receiver = { url: '', port: 0, sockets: 0, requests: [], open: new Set() }
  server.on('connection', (socket: Socket) => {
    receiver.sockets++
    receiver.open.add(socket)
    socket.on('close', () => receiver.open.delete(socket)).on('error', () => {})
  })
  server.on(event, (socket: Socket) => {
    let text = ''
    socket.on('error', () => {})
    socket.on('data', chunk => {
      text += chunk.toString('latin1')
      for (let end = endOf(text); end > 0; end = endOf(text)) {
        const request = text.slice(0, end)
        text = text.slice(end)
        manner(socket, request, receiver.requests.push(request))
      }
    })
  })
  server.on('tlsClientError', () => {})
  server.listen(0, host)
  await once(server, 'listening')
  receiver.port = (server.address() as AddressInfo).port
  receiver.url = `${scheme}://${host === '127.0.0.1' && scheme === 'http' ? host : 'localhost'}:${receiver.port}/hook`
  onTestFinished(async () => {
    for (const socket of receiver.open) socket.destroy()
    await new Promise(closed => server.close(closed))
  })
  return receiver
}

function endOf(text: string) {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return 0
  const length = Number(/^content-length: (\d+)/im.exec(text.slice(0, head))?.[1] ?? 0)
  return text.length >= head + 4 + length ? head + 4 + length : 0
}

/** Answers with this text, word by word as it stands. */
export function saying(text: string | Buffer): Manner {
  return socket => socket.write(text)
}

/** A complete answer with a content-length. */
export function answer(body: string, status = '200 OK', headers = ''): string {
  return `HTTP/1.1 ${status}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** Writes for as long as somebody reads. `sent` tells how many bytes were taken. */
export function withoutEnd(head: string, chunk = Buffer.alloc(65_536, 'x')): Manner & { sent: number } {
  const manner: Manner & { sent: number } = Object.assign(
    (socket: Socket) => {
      socket.write(head)
      const more = () => {
        while (!socket.destroyed && socket.write(chunk)) manner.sent += chunk.length
      }
      socket.on('drain', more)
      more()
    },
    { sent: 0 },
  )
  return manner
}

/** Writes one byte after the other, each a few milliseconds later, and never comes to an end. */
export function dripping(head: string, drop: string): Manner {
  return socket => {
    socket.write(head)
    const timer = setInterval(() => socket.write(drop), 5)
    socket.on('close', () => clearInterval(timer))
  }
}

export async function untilClosed(receiver: Receiver) {
  while (receiver.open.size > 0) await soon()
}

export function soon() {
  return new Promise(next => setTimeout(next, 5))
}

/** Bytes of this process that are still needed. */
export function inUse() {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
