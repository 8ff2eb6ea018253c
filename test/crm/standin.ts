import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A request as the stand-in's own code sees it. */
export type Asked = {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  text: string
  /** Of a JSON body; undefined when it is none. */
  json: any
}
export type Answered = { status: number; headers?: Record<string, string>; body?: unknown }

/** What goes wrong, with which requests. */
export type Fault = {
  /** Begins with it: 'PATCH /services/data'. All without. */
  match?: string
  /** So many that match go well before. 0. */
  skip?: number
  /** With how many. 1. */
  times?: number
  /** Instead of its own answer; what was asked is not done. A text is sent as it is. */
  status?: number
  body?: unknown
  headers?: Record<string, string>
  delay_ms?: number
  /** The connection is cut: before anything is done, after it was done, or in the middle of the answer. */
  drop?: 'before' | 'after_commit' | 'mid_body'
  /** Every token that was given out is void from now on. */
  expire_tokens?: boolean
}

/** Somebody as the CRM has them, in words that are the same for all. */
export type StandinPerson = {
  id: string
  email: string | null
  first_name: string | null
  last_name: string | null
  /** Our contact id, where it was told one. */
  our_id: string | null
  old_id: string | null
  lists: string[]
  sustains: boolean
  in_review: boolean
  is_deleted: boolean
}

/** A CRM that listens on this machine and answers as the real one is documented to. */
export type Standin = {
  url: string
  /** What somebody types to connect with it: the fields of the provider. */
  settings: Record<string, string>
  requests: { method: string; path: string; status: number }[]
  /** How often somebody signed in. */
  signIns(): number
  fault(fault: Fault): void
  /** How many requests a fault met. */
  met(): number
  heal(): void
  people(): StandinPerson[]
  /** Puts somebody there as if somebody else had: in the CRM before, or after a load. Returns the id. */
  put(person: Partial<StandinPerson>): string
  close(): Promise<void>
}

/** The server below each stand-in: faults, the log of requests, and a port of its own. `reply` does what is asked and answers. */
export async function listen(reply: (asked: Asked) => Answered, expireTokens: () => void) {
  const faults: (Fault & { seen: number; left: number })[] = []
  const requests: Standin['requests'] = []
  let met = 0
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    requests,
    fault: (fault: Fault) => void faults.push({ ...fault, seen: 0, left: fault.times ?? 1 }),
    met: () => met,
    heal: () => void faults.splice(0),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const asked = await read(request)
    const fault = faultOf(asked)
    if (fault) met++
    if (fault?.delay_ms) await sleep(fault.delay_ms)
    if (fault?.expire_tokens) expireTokens()
    if (fault?.drop === 'before') return request.socket.destroy()
    const answered = fault?.status !== undefined ? { status: fault.status, body: fault.body } : reply(asked)
    requests.push({ method: asked.method, path: asked.path, status: answered.status })
    if (fault?.drop === 'after_commit') return request.socket.destroy()
    const body =
      answered.body === undefined ? '' : typeof answered.body === 'string' ? answered.body : JSON.stringify(answered.body)
    response.writeHead(answered.status, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...(answered as Answered).headers,
      ...fault?.headers,
    })
    if (fault?.drop !== 'mid_body') return response.end(body)
    response.write(body.slice(0, Math.ceil(body.length / 2)), () => request.socket.destroy())
  }

  function faultOf({ method, path }: Asked) {
    for (const fault of faults) {
      if (fault.left === 0 || !`${method} ${path}`.startsWith(fault.match ?? '')) continue
      if (fault.seen++ < (fault.skip ?? 0)) continue
      fault.left--
      return fault
    }
    return undefined
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const { pathname, searchParams } = new URL(request.url!, 'http://standin')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {}
  return {
    method: request.method!,
    path: pathname,
    query: searchParams,
    headers: request.headers as Record<string, string>,
    text,
    json,
  }
}
