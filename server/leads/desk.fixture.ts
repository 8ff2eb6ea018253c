import type { Board, BoardColumn, Lead, LeadShown } from '../../shared/leads.ts'
import type { Role } from '../../shared/workspaces.ts'
import type { FreshApp, Tenant } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { type SignedIn, signedIn } from '../../test/session.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Refused = { error: { code: string; message: string; fields?: Record<string, string> } }

/** A lead desk as its people use it: by the API with the workspace's key, or as somebody who is signed in. */
export function deskOf(fresh: FreshApp, { secret_key, workspace_id }: Tenant = fresh) {
  let headers: Record<string, string> = bearer(secret_key)
  const send = async (method: Method, url: string, payload?: object) => {
    const response = await fresh.app.inject({ method, url: `/api/v1${url}`, headers, ...(payload ? { payload } : {}) })
    return { status: response.statusCode, body: response.body === '' ? undefined : response.json() }
  }
  /** What is expected to work. */
  const ask = async <T>(method: Method, url: string, payload?: object): Promise<T> => {
    const { status, body } = await send(method, url, payload)
    if (status >= 400) throw new Error(`${method} ${url} answered ${status}: ${JSON.stringify(body)}`)
    return body as T
  }
  /** What may be refused. */
  const answer = async (method: Method, url: string, payload?: object) => {
    const { status, body } = await send(method, url, payload)
    return { status, ...(body as Partial<Refused> | undefined)?.error }
  }
  let count = 0
  return {
    workspace_id,
    ask,
    answer,
    make: (given: object = {}) => ask<LeadShown>('POST', '/leads', { email: `somebody-${++count}@example.com`, ...given }),
    list: async (query = '') => (await ask<{ data: Lead[] }>('GET', `/leads?${query}`)).data,
    board: (query = '') => ask<Board>('GET', `/leads/board?${query}`),
    column: async (status: string, query = ''): Promise<BoardColumn> =>
      (await ask<Board>('GET', `/leads/board?${query}`)).columns.find(column => column.status === status)!,
    hire: (role: Role = 'agent'): Promise<SignedIn> => signedIn(fresh, role, workspace_id),
    as(person: SignedIn) {
      const desk = deskOf(fresh, { secret_key, workspace_id, write_key: '' })
      desk.become(person.headers)
      return desk
    },
    become(others: Record<string, string>) {
      headers = others
    },
  }
}

export type Desk = ReturnType<typeof deskOf>

/** All pages of a list, in pages of so many. */
export async function allOf(desk: Desk, url: string, limit: number): Promise<Lead[]> {
  const all: Lead[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: string = `${url}limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`
    const { data, next_cursor } = await desk.ask<{ data: Lead[]; next_cursor: string | null }>('GET', next)
    all.push(...data)
    cursor = next_cursor
  }
  return all
}
