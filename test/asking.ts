import { expect } from 'vitest'
import type { Database } from '../server/database/connect.ts'
import type { App } from '../server/http/routes.ts'
import { heard } from './heard.ts'
import { bearer } from './people.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
/** A key, or somebody who signed in. */
type Who = string | { headers: Record<string, string> }

/**
 * Asks the API of a server by its secret key, or as whoever is named. The server is read at each call, because a test makes it
 * later. After a change it has heard of what it keeps. `answer` gives the status and what was said, `ask` what was said when all went well, `refusal` the status and the code.
 */
export function asking(server: () => { app: App; database: Database; secret_key: string }) {
  // biome-ignore lint/suspicious/noExplicitAny: answers of many routes
  async function answer<T = any>(
    method: Method,
    path: string,
    payload?: object,
    who?: Who,
  ): Promise<{ status: number; body: T }> {
    const { app, database, secret_key } = server()
    const headers = typeof who === 'string' ? bearer(who) : (who?.headers ?? bearer(secret_key))
    const { statusCode, body } = await app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
    if (method !== 'GET') await heard(database)
    return { status: statusCode, body: body === '' ? undefined : JSON.parse(body) }
  }
  // biome-ignore lint/suspicious/noExplicitAny: as above
  async function ask<T = any>(method: Method, path: string, payload?: object, who?: Who): Promise<T> {
    const { status, body } = await answer(method, path, payload, who)
    expect(status, JSON.stringify(body)).toBeLessThan(300)
    return body
  }
  async function refusal(method: Method, path: string, payload?: object, who?: Who): Promise<[status: number, code: string]> {
    const { status, body } = await answer(method, path, payload, who)
    return [status, body.error.code]
  }
  return { answer, ask, refusal }
}
