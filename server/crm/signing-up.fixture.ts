import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, onTestFinished } from 'vitest'
import type { CrmConnection, CrmLink, CrmLogEntry } from '../../shared/crm.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type SalesforceOptions, salesforceStandin } from '../../test/crm/salesforce.ts'
import type { Standin } from '../../test/crm/standin.ts'
import { basic, batch, bearer, track } from '../../test/people.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** A server that tells CRMs, for the tests of a file; people who sign up there; and a Salesforce for each test, which is gone after it with all lists. */
export function signingUp() {
  const desk = {} as { fresh: FreshApp }
  let visitors = 0
  beforeAll(async () => {
    desk.fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
    desk.fresh.work()
  })
  afterEach(async () => {
    const { system } = desk.fresh.database
    await system`delete from crm_connections`
    await system`delete from mailing_lists`
    await system`delete from crm_log`
  })

  async function ask<T>(method: Method, path: string, payload?: object): Promise<{ status: number; body: T }> {
    const { app, secret_key } = desk.fresh
    const url = `/api/v1${path}`
    const answer = await app.inject({ method, url, headers: bearer(secret_key), ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.body === '' ? (undefined as T) : answer.json<T>() }
  }

  /** What it answers; fails when it refuses. */
  async function call<T>(method: Method, path: string, payload?: object): Promise<T> {
    const { status, body } = await ask<T>(method, path, payload)
    if (status >= 300) throw new Error(JSON.stringify(body))
    return body
  }

  async function send(...messages: object[]) {
    const { app, write_key } = desk.fresh
    const payload = batch(...messages)
    const answer = await app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(write_key) })
    expect(answer.json()).toEqual({ success: true })
  }

  /** Somebody new registers, in the language of the page, and tells something. Returns their visitor. */
  async function signUp(email: string, { locale = 'en-US', ...told }: { locale?: string } & Record<string, unknown> = {}) {
    const anonymousId = `visitor ${++visitors} of ${email}`
    const properties = { email, first_name: 'Sarah', last_name: "O'Brien", ...told }
    await send({ ...track('registration', { anonymousId, properties }), context: { locale } })
    return anonymousId
  }

  async function connect(options: SalesforceOptions = {}, settings: object = {}) {
    const standin = await salesforceStandin(options)
    onTestFinished(() => standin.close())
    const given = { provider: 'salesforce', settings: standin.settings, ...settings }
    return { standin, connection: await call<CrmConnection>('POST', '/crm/connections', given) }
  }

  async function linkOf(email: string, connection?: CrmConnection) {
    const { data } = await call<{ data: CrmLink[] }>('GET', `/crm/links?q=${encodeURIComponent(email)}`)
    return data.find(link => !connection || link.connection_id === connection.id)
  }

  const linked = (email: string, connection?: CrmConnection) =>
    until(async () => {
      const link = await linkOf(email, connection)
      return link?.external_id && !link.due ? link : null
    })

  const failures = async () => (await call<{ data: CrmLogEntry[] }>('GET', '/crm/log')).data

  /** What waits for its time is due now. */
  const hurry = () => desk.fresh.database.system`
    with due as (
      update jobs set run_at = now() where queue = 'crm_tell' and state = 'queued' and run_at > now() returning id
    )
    select pg_notify('throughline_jobs', 'crm_tell') from due`

  return { desk, ask, call, send, signUp, connect, linkOf, linked, failures, hurry }
}

export async function until<T>(read: () => Promise<T | undefined | null | false>): Promise<T> {
  for (;;) {
    const found = await read()
    if (found) return found
    await sleep(20)
  }
}

export function personOf(standin: Standin, email: string) {
  return standin.people().find(person => person.email === email)
}
