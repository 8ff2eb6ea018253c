import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

export type Received = { url: string; headers: IncomingHttpHeaders; body: string }
export type StandIn = { url: string; received: Received[]; answer: (reply: ServerResponse, received: Received) => void }

/** A real receiver at 127.0.0.1, closed when the file ends. It answers 200 until `answer` is another. */
export async function standIn(): Promise<StandIn> {
  const it: StandIn = { url: '', received: [], answer: reply => reply.end('ok') }
  const server = createServer((request, reply) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const received = { url: request.url!, headers: request.headers, body }
      it.received.push(received)
      it.answer(reply, received)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  it.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return it
}
