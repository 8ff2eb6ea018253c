import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { freshDatabase, makeTenant } from '../../../test/app.ts'
import type { Standin } from '../../../test/crm/standin.ts'
import { type Config, readConfig } from '../../config.ts'
import type { Database } from '../../database/connect.ts'
import { type Egress, openEgress } from '../../egress/egress.ts'
import { seal, secretFor } from '../../secrets.ts'
import type { AppUser, CrmConnectionManager, SustainerPage } from '../manager.ts'
import { boundTo, openConnections, PURPOSE } from '../open.ts'
import type { CrmProviderName } from '../provider.ts'
import type { CrmResult } from '../result.ts'
import { PROVIDERS } from './list.ts'

/** As long as in earnest: a busy machine takes its time. Who wants to see it end is hasty. */
const TIMEOUT_MS = 20_000
const HASTY_MS = 1000

/** A database with a workspace for the tests of a file, and what connects it with stand-ins: by a row, as the server does. */
export function connecting() {
  const desk = {} as { database: Database; config: Config; egress: Egress; workspace_id: number }
  let timeout_ms = TIMEOUT_MS
  beforeAll(async () => {
    desk.database = await freshDatabase()
    desk.workspace_id = (await makeTenant(desk.database, 'Acme')).workspace_id
    desk.config = readConfig({ THROUGHLINE_HOME: await mkdtemp(join(tmpdir(), 'throughline-home-')), LOG_LEVEL: 'silent' })
    desk.egress = openEgress({ allowed_cidrs: ['127.0.0.0/8'] })
  })
  afterAll(async () => {
    await desk.egress.close()
    await rm(desk.config.home, { recursive: true, force: true })
  })

  /** Opens it, and closes the stand-in when the test ends. `settings` are instead of those of the stand-in. */
  async function connect<T extends Standin>(provider: CrmProviderName, standin: T, settings: Record<string, string> = {}) {
    onTestFinished(() => standin.close())
    const id = await store(provider, { ...standin.settings, ...settings })
    return { standin, id, manager: await open(id) }
  }

  /** As another process does, or this one after a restart. */
  async function open(id: number): Promise<CrmConnectionManager> {
    const { database, config, egress, workspace_id } = desk
    const timed: Egress = { ...egress, send: outgoing => egress.send({ ...outgoing, timeout_ms }) }
    const connection = await openConnections({ sql: database.system, config, egress: timed }).get(workspace_id, id)
    return connection!.manager
  }

  /** A second stands for the twenty, until `work` is done. */
  async function inHaste<T>(work: () => Promise<T>): Promise<T> {
    timeout_ms = HASTY_MS
    return work().finally(() => (timeout_ms = TIMEOUT_MS))
  }

  async function store(provider: CrmProviderName, settings: Record<string, string>): Promise<number> {
    const { database, config, workspace_id } = desk
    const { fields } = PROVIDERS.find(one => one.name === provider)!
    const is_secret = (name: string) => fields.some(field => field.name === name && field.is_secret)
    const plain = Object.fromEntries(Object.entries(settings).filter(([name]) => !is_secret(name)))
    const secret = Object.fromEntries(Object.entries(settings).filter(([name]) => is_secret(name)))
    const [row] = await database.system<{ id: number }[]>`
      insert into crm_connections (workspace_id, provider, name, settings)
      values (${workspace_id}, ${provider}, ${provider}, ${JSON.stringify(plain)}::text::jsonb)
      returning id`
    const sealed = seal(secretFor(config, PURPOSE), JSON.stringify(secret), boundTo({ workspace_id, id: row!.id }))
    await database.system`
      update crm_connections set secrets = ${sealed} where workspace_id = ${workspace_id} and id = ${row!.id}`
    return row!.id
  }

  return { desk, connect, open, inHaste }
}

/** Sarah, as she signed up. */
export function appUser(user: Partial<AppUser> = {}): AppUser {
  return {
    contact_id: 483920,
    email: 'sarah@example.com',
    first_name: 'Sarah',
    last_name: 'Johnson',
    language: 'en',
    lists: [],
    properties: {},
    ...user,
  }
}

/** What was answered; fails with the CRM's words when nothing was. */
export function answerOf<T>(result: CrmResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`)
  return result.value
}

/** What went wrong; fails when all went well. */
export function errorOf(result: CrmResult<unknown>) {
  if (result.ok) throw new Error(`It answered ${JSON.stringify(result.value)}.`)
  return result.error
}

/** The ids of those on all pages; `between` is called after each page. */
export async function readAllSustainers(manager: CrmConnectionManager, between: (page: number) => unknown = () => {}) {
  const ids = new Set<string>()
  let next: string | null = null
  for (let page = 1; page === 1 || next !== null; page++) {
    const read: SustainerPage = answerOf(await manager.readSustainers(next))
    for (const { external_id } of read.members) ids.add(external_id)
    next = read.next
    between(page)
  }
  return ids
}
