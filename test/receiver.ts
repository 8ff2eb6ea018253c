import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

export type Received = { at: number; path: string; headers: Record<string, string>; body: string }

/** What a customer's system is: a real HTTP server on this machine that keeps what it is sent. */
export type Receiver = {
  url: string
  received: Received[]
  /** Ids of messages, in the order in which they came. */
  ids(): string[]
  /** Asked for each request. May be changed at any time; 200 at first. */
  answer: (response: ServerResponse, received: Received) => void
  /** The most requests that were open at one moment. */
  most_at_once: number
  /** Resolves when nobody is connected any more and all that they sent was read. */
  left(): Promise<void>
  close(): Promise<void>
}

export async function openReceiver(answer: Receiver['answer'] = status(200)): Promise<Receiver> {
  let at_once = 0
  let unread = 0
  const server = createServer(async (request, response) => {
    receiver.most_at_once = Math.max(receiver.most_at_once, ++at_once)
    response.on('close', () => at_once--)
    unread++
    const received = {
      at: Date.now(),
      path: request.url!,
      headers: single(request.headers),
      body: await text(request).catch(() => ''),
    }
    unread--
    receiver.received.push(received)
    receiver.answer(response, received)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    ids: () => receiver.received.map(({ headers }) => headers['webhook-id']!),
    answer,
    most_at_once: 0,
    left: async () => {
      const connections = promisify(server.getConnections.bind(server))
      while ((await connections()) > 0 || unread > 0) await sleep(5)
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return receiver
}

export function status(code: number, headers: Record<string, string> = {}, body = ''): Receiver['answer'] {
  return response => void response.writeHead(code, headers).end(body)
}

/** Never answers. */
export const hang: Receiver['answer'] = () => {}

function single(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
