import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'

export type Sent = {
  type: string
  messageId: string
  anonymousId?: string
  userId?: string
  previousId?: string
  event?: string
  name?: string
  timestamp: string
  properties: Record<string, unknown>
  traits?: Record<string, unknown>
  context: Record<string, unknown> & { page: { url: string; path: string; search: string; referrer: string; title: string } }
}
type Answer = { status: number; headers?: Record<string, string> }
type Page = { html: string; headers?: Record<string, string> }
type Request = { writeKey: string; sentAt: string; batch: Sent[]; contentType: string; status: number }

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.webm': 'video/webm',
}

/** Stands in for the server: answers as the test says, remembers every request, and serves the pages that send them. */
export async function startCollector() {
  const pages = new Map<string, Page>()
  const folders = new Map<string, { folder: string; headers: Record<string, string> }>()
  const requests: Request[] = []
  const answers: Answer[] = []

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/v1/batch') collect(request, response)
    else serve(path, request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))

  async function collect(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { status, headers } = answers.shift() ?? { status: 200 }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    requests.push({ ...body, contentType: request.headers['content-type'] ?? '', status })
    response.writeHead(status, { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After', ...headers })
    response.end(JSON.stringify({ success: status === 200 }))
  }

  async function serve(path: string, request: IncomingMessage, response: ServerResponse) {
    const page = pages.get(path)
    if (page) return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html)
    const [prefix, place] = [...folders].find(([prefix]) => path.startsWith(prefix)) ?? []
    const content = place && (await readFile(place.folder + path.slice(prefix!.length)).catch(() => undefined))
    if (!content) return response.writeHead(404).end()
    const headers = {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'accept-ranges': 'bytes',
      ...place.headers,
    }
    // Without ranges Chromium cannot seek in a video.
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
    if (from === undefined) return response.writeHead(200, headers).end(content)
    const end = to ? Number(to) : content.length - 1
    response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${end}/${content.length}` })
    return response.end(content.subarray(Number(from), end + 1))
  }

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    page: (path: string, html: string, headers: Record<string, string> = {}) => void pages.set(path, { html, headers }),
    files: (prefix: string, folder: string, headers: Record<string, string> = {}) =>
      void folders.set(prefix, { folder, headers }),
    /** The answers to the next requests; after them 200. */
    answer: (...next: Answer[]) => void answers.push(...next),
    requests,
    /** What was taken, every message once, as the real server keeps it. */
    events: () => {
      const taken = requests.filter(request => request.status === 200).flatMap(request => request.batch)
      return [...new Map(taken.map(event => [event.messageId, event])).values()]
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
