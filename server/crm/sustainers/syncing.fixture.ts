import { afterAll, beforeAll } from 'vitest'
import type { CrmConnection, CrmRun } from '../../../shared/crm.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { type SalesforceOptions, salesforceStandin } from '../../../test/crm/salesforce.ts'
import type { Standin } from '../../../test/crm/standin.ts'
import { type Egress, openEgress } from '../../egress/egress.ts'
import type { Worker } from '../../queue/work.ts'
import { calling } from '../runs/calling.fixture.ts'
import { startRuns } from '../runs/work.ts'

export type Member = { contact_id: number; external_id: string }

/** A server with its runs at work, and CRMs that listen on this machine. What passes by itself is asked again at once, twice. */
export function syncing() {
  const desk = {} as { fresh: FreshApp; egress: Egress; runs: Worker }
  const { call, ended } = calling(desk)
  beforeAll(async () => {
    desk.fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
    desk.egress = openEgress({ allowed_cidrs: ['127.0.0.0/8'] })
    const { config } = desk.fresh.context
    const log = { warn: () => {} }
    desk.runs = startRuns({ sql: desk.fresh.database.system, config, egress: desk.egress, log, pauses: [1, 1] })
  })
  afterAll(async () => {
    await desk.runs.stop()
    await desk.egress.close()
  })
  let people = 100_000

  async function connect(options: SalesforceOptions = {}) {
    const standin = await salesforceStandin(options)
    const given = { provider: 'salesforce', settings: standin.settings, syncs_sustainers: true }
    return { standin, id: (await call<CrmConnection>('POST', '/crm/connections', given)).id }
  }

  /** With all that hangs on it. */
  async function disconnect(id: number, standin: Standin) {
    await desk.fresh.database.system`delete from crm_connections where id = ${id}`
    await standin.close()
  }

  /** So many contacts who are known there; `sustains` says of each whether they do over there. */
  async function link(id: number, standin: Standin, sustains: boolean[]): Promise<Member[]> {
    const { database, workspace_id } = desk.fresh
    const members = sustains.map(sustains => {
      const contact_id = ++people
      return {
        contact_id,
        external_id: standin.put({ our_id: String(contact_id), email: `${contact_id}@example.com`, sustains }),
      }
    })
    await database.system`
      insert into contacts (workspace_id, id, email)
      select ${workspace_id}, id, id || '@example.com' from unnest(${members.map(one => one.contact_id)}::int[]) as m(id)`
    await database.system`
      insert into crm_links (workspace_id, connection_id, contact_id, external_id, state, due)
      select ${workspace_id}, ${id}, m.contact_id, m.external_id, 'WroteSalesforceAppUserUid', false
        from unnest(${members.map(one => one.contact_id)}::int[], ${members.map(one => one.external_id)}::text[]) as m(contact_id, external_id)`
    return members
  }

  /** As if a sync of long ago had found them. */
  async function sustain(id: number, members: Member[]) {
    const { database, workspace_id } = desk.fresh
    await database.system`
      insert into crm_sustainers (workspace_id, connection_id, contact_id, since)
      select ${workspace_id}, ${id}, contact_id, '2025-01-01' from unnest(${members.map(one => one.contact_id)}::int[]) as m(contact_id)`
  }

  async function sync(id: number, { force = false }: { force?: boolean } = {}): Promise<CrmRun> {
    const { id: run_id } = await call<CrmRun>('POST', '/crm/runs', { kind: 'sustainers', connection_id: id, force })
    return ended(run_id)
  }

  /** Contacts, in their order. */
  async function sustaining(id: number): Promise<number[]> {
    const rows = await desk.fresh.database.system<{ contact_id: number }[]>`
      select contact_id from crm_sustainers where connection_id = ${id} and ended_at is null order by contact_id`
    return rows.map(row => row.contact_id)
  }

  /** What was told of whom. */
  async function told(id: number) {
    return desk.fresh.database.system<{ action: string; contact_id: number }[]>`
      select action, contact_id
        from activities
       where action like 'contact.sustainer_%' and subject_id = ${String(id)}
       order by action, contact_id`
  }

  async function staged(): Promise<number> {
    const [row] = await desk.fresh.database.system<{ count: number }[]>`select count(*) from crm_sustainer_reads`
    return row!.count
  }

  return { desk, call, connect, disconnect, link, sustain, sync, ended, sustaining, told, staged }
}

export const ids = (members: Member[]) => members.map(one => one.contact_id).sort((a, b) => a - b)
