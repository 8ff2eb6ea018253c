import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { CrmConnection, CrmRun, CrmRunMember } from '../../../shared/crm.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { type SalesforceOptions, salesforceStandin } from '../../../test/crm/salesforce.ts'
import type { Standin } from '../../../test/crm/standin.ts'
import { open } from '../../database/connect.ts'
import { type Egress, openEgress } from '../../egress/egress.ts'
import type { Worker } from '../../queue/work.ts'
import { calling } from './calling.fixture.ts'
import { startRuns } from './work.ts'

/** From one CRM to another: the ids of both connections, and the other one as it stands on this machine. */
type Move = { from: number; to: number; standin: Standin }

/** A request takes no longer, and what passes by itself is asked for again at once, twice. */
const TIMEOUT_MS = 3_000
const PAUSES = [1, 1]

/**
 * A server whose runs are at work. Of `crashes`, the script falls over where a contact comes to its state, once; `breakWrites` lets the writes of a
 * contact into some states fail.
 */
export function walking() {
  const desk = {} as { fresh: FreshApp; egress: Egress; runs: Worker; steps: [contact_id: number, state: string][] }
  const { call, read, ended } = calling(desk)
  const crashes = new Map<number, string>()
  let people = 100_000

  beforeAll(async () => {
    desk.fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
    desk.steps = []
    const egress = openEgress({ allowed_cidrs: ['127.0.0.0/8'] })
    desk.egress = { ...egress, send: outgoing => egress.send({ ...outgoing, timeout_ms: TIMEOUT_MS }) }
    const owner = open(desk.fresh.database.url)
    await owner.unsafe(`
      create table broken (contact_id int, states text);
      grant select, insert, delete on broken to throughline_system;
      create function fail_broken() returns trigger language plpgsql as $$
      begin
        if exists (select from broken where contact_id = new.contact_id and new.state ~ states) then
          raise exception 'the disk of this member is broken';
        end if;
        return new;
      end $$;
      create trigger fail_broken before update on crm_run_members for each row execute function fail_broken();`)
    await owner.end()
    startWorking()
  })
  afterAll(async () => {
    await desk.runs.stop()
    await desk.egress.close()
  })

  function startWorking({ pauses }: { pauses?: readonly number[] | undefined } = { pauses: PAUSES }) {
    const { database, context } = desk.fresh
    const log = { warn: () => {} }
    const means = { sql: database.system, config: context.config, egress: desk.egress, log, pauses }
    desk.runs = startRuns({ ...means, watch })
  }

  function watch(contact_id: number, state: string) {
    desk.steps.push([contact_id, state])
    if (!state.match(`^(${crashes.get(contact_id) ?? '-'})$`)) return
    crashes.delete(contact_id)
    throw new Error('the script fell over')
  }

  /** Until the test ends; then it goes with all that hangs on it. */
  async function move(options: SalesforceOptions = {}): Promise<Move> {
    const standin = await salesforceStandin(options)
    const make = (provider: string, settings = {}) => call<CrmConnection>('POST', '/crm/connections', { provider, settings })
    const [from, to] = [(await make('nationbuilder')).id, (await make('salesforce', standin.settings)).id]
    onTestFinished(async () => {
      await desk.fresh.database.system`delete from crm_connections where id in (${from}, ${to})`
      await standin.close()
    })
    return { standin, from, to }
  }

  /** So many with an old id, `nb-<contact_id>`. */
  async function join(
    { from }: Pick<Move, 'from'>,
    count: number,
    { email = true }: { email?: boolean } = {},
  ): Promise<number[]> {
    const { database, workspace_id } = desk.fresh
    const ids = Array.from({ length: count }, () => ++people)
    await database.system`
      insert into contacts (workspace_id, id, email)
      select ${workspace_id}, id, case when ${email} then id || '@example.com' end from unnest(${ids}::int[]) as m(id)`
    await database.system`
      insert into crm_links (workspace_id, connection_id, contact_id, external_id, state, due)
      select ${workspace_id}, ${from}, id, 'nb-' || id, 'WroteSalesforceAppUserUid', false from unnest(${ids}::int[]) as m(id)`
    return ids
  }

  /** Over there, too. Returns the ids that they have. */
  function load({ standin }: Move, contact_ids: number[]): string[] {
    return contact_ids.map(id => standin.put({ old_id: `nb-${id}`, email: `${id}@example.com` }))
  }

  async function begin({ from, to }: Pick<Move, 'from' | 'to'>): Promise<number> {
    return (await call<CrmRun>('POST', '/crm/runs', { kind: 'validate', connection_id: to, from_connection_id: from })).id
  }

  const run = async (move: Pick<Move, 'from' | 'to'>) => ended(await begin(move))

  async function resume(run_id: number): Promise<CrmRun> {
    await call('POST', `/crm/runs/${run_id}/resume`)
    return ended(run_id)
  }

  async function members(run_id: number): Promise<CrmRunMember[]> {
    return (await call<{ data: CrmRunMember[] }>('GET', `/crm/runs/${run_id}/members?limit=200`)).data
  }

  async function breakWrites(contact_id: number, states: string) {
    await desk.fresh.database.system`insert into broken values (${contact_id}, ${states})`
  }

  async function mendWrites() {
    await desk.fresh.database.system`delete from broken`
  }

  async function links(connection_id: number) {
    return desk.fresh.database.system<{ contact_id: number; external_id: string; state: string }[]>`
      select contact_id, external_id, state from crm_links where connection_id = ${connection_id} order by contact_id`
  }

  async function logged(run_id: number) {
    return desk.fresh.database.system<{ contact_id: number; code: string; kind: string; message: string }[]>`
      select contact_id, code, kind, message from crm_log where run_id = ${run_id} order by id`
  }

  return {
    desk,
    crashes,
    startWorking,
    call,
    move,
    join,
    load,
    begin,
    read,
    ended,
    run,
    resume,
    members,
    breakWrites,
    mendWrites,
    links,
    logged,
  }
}
