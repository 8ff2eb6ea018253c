import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type postgres from 'postgres'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { CRM_ERROR_KINDS, CRM_PROVIDERS } from '../../shared/crm.ts'
import { storable } from '../database/storable.ts'
import { type AsideLine, fallbackFile } from './fallback.ts'
import { logFailures } from './log.ts'
import type { CrmError } from './result.ts'
import { linkMembers } from './runs/validate/link.ts'
import { countMembers } from './runs/validate/members.ts'
import { WRITTEN } from './runs/validate/states.ts'

export type Replayed = {
  loaded: number
  /** Loaded before. */
  known: number
  /** Of a connection that is gone. */
  gone: number
  /** Torn: the process died while it wrote. */
  unreadable: number
  /** Answered well, but somebody else here has the id by now: these say so in their state. */
  contested: number
}

const CHUNK = 500

/**
 * Loads what the database did not take (fallback.ts): the log, the ids that the CRM told, the states that would have followed. A line is loaded
 * once, by its id. The file is put away under another name first, so that it may be written meanwhile, and keeps that with `.loaded` at the end.
 */
export async function replayLog(sql: postgres.Sql, folder: string): Promise<Replayed> {
  const sum: Replayed = { loaded: 0, known: 0, gone: 0, unreadable: 0, contested: 0 }
  await rename(fallbackFile(folder), join(folder, `fallback-${new Date().toISOString().replaceAll(':', '')}.jsonl`)).catch(
    unlessMissing,
  )
  const names = (await readdir(folder).catch(unlessMissing)) ?? []
  for (const name of names.filter(one => /^fallback-.*\.jsonl$/.test(one)).sort()) {
    const text = (await readFile(join(folder, name), 'utf8').catch(unlessMissing)) ?? ''
    const lines = text.split('\n').filter(line => line.trim() !== '')
    const entries = lines.flatMap(readLine)
    sum.unreadable += lines.length - entries.length
    for (let from = 0; from < entries.length; from += CHUNK) {
      const found = (await sql.begin(tx => load(tx, entries.slice(from, from + CHUNK)))) as unknown as Partial<Replayed>
      for (const [kind, count] of Object.entries(found)) sum[kind as keyof Replayed] += count
    }
    await rename(join(folder, name), join(folder, `${name}.loaded`)).catch(unlessMissing)
  }
  return sum
}

function readLine(text: string): AsideLine[] {
  try {
    const line: unknown = JSON.parse(text)
    return Value.Check(Line, line) ? [line as AsideLine] : []
  } catch {
    return []
  }
}

const Line = Type.Object({
  id: Type.String({ minLength: 1 }),
  at: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
  workspace_id: Type.Integer(),
  connection_id: Type.Integer(),
  contact_id: Type.Integer(),
  run_id: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  provider: Type.Enum(CRM_PROVIDERS),
  operation: Type.Enum(['validate', 'add_user']),
  state: Type.Enum(['DbWriteOkErrorLogged', 'DbWriteNotFoundErrorLogged', 'DbWriteUnexpectedResFailure', 'LoggedDbFailure']),
  external_id: Type.Union([Type.String(), Type.Null()]),
  error: Type.Object({ kind: Type.Enum([...CRM_ERROR_KINDS]), message: Type.String() }),
})

type Loading = AsideLine & { contact_id: number; error: CrmError }

async function load(sql: postgres.TransactionSql, lines: AsideLine[]): Promise<Partial<Replayed>> {
  // Two who load the same file take turns: the second finds what the first has loaded.
  await sql`select pg_advisory_xact_lock(${LOAD_LOCK})`
  const fresh = await freshOf(sql, lines as Loading[])
  let contested = 0
  for (const place of new Set(fresh.lines.map(placeOf))) {
    const some = fresh.lines.filter(line => placeOf(line) === place)
    const [{ workspace_id, connection_id }] = some as [Loading]
    const problems = await linkMembers(sql, { workspace_id, connection_id }, some.flatMap(foundBy))
    contested += problems.size
    const loaded = some.map(line => judge(line, problems.get(line.contact_id)))
    await settleMembers(sql, workspace_id, loaded)
    await settleSignUps(sql, workspace_id, connection_id, loaded)
    await logFailures(
      sql,
      loaded.map(({ id, at, ...line }) => ({ ...line, at: new Date(at), fallback_id: id })),
    )
  }
  return { loaded: fresh.lines.length, known: fresh.known, gone: lines.length - fresh.lines.length - fresh.known, contested }
}

const LOAD_LOCK = 7_436

function placeOf({ workspace_id, connection_id }: Loading) {
  return `${workspace_id} ${connection_id}`
}

/** `problem`: somebody else here has the id by now. */
function judge(line: Loading, problem: CrmError | undefined) {
  return { ...line, is_linked: line.external_id !== null && !problem, error: problem ?? line.error }
}

/** Of connections that there are, what was not loaded before; a line that was written twice once. */
async function freshOf(sql: postgres.TransactionSql, lines: Loading[]) {
  const rows = await sql<{ id: string; is_known: boolean }[]>`
    select l.id, exists (select from crm_log where workspace_id = l.workspace_id and fallback_id = l.id) as is_known
      from unnest(${lines.map(line => line.id)}::text[], ${lines.map(line => line.workspace_id)}::int[], ${lines.map(line => line.connection_id)}::int[])
        as l(id, workspace_id, connection_id)
      join crm_connections k on k.workspace_id = l.workspace_id and k.id = l.connection_id`
  const is_known = new Map(rows.map(row => [row.id, row.is_known]))
  const fresh = new Map(lines.filter(line => is_known.get(line.id) === false).map(line => [line.id, line]))
  const kept = lines.filter(line => is_known.has(line.id)).length
  return { lines: [...fresh.values()], known: kept - fresh.size }
}

function foundBy({ contact_id, external_id, at }: Loading) {
  return external_id === null ? [] : [{ contact_id, external_id, email: null, link_contact_id: null, at: new Date(at) }]
}

type Loaded = ReturnType<typeof judge>

/** Their state follows, as it would have then; not of those who were asked for again since. */
async function settleMembers(sql: postgres.TransactionSql, workspace_id: number, lines: Loaded[]) {
  const members = new Map(
    lines.flatMap(({ operation, run_id, contact_id, external_id, at, ...line }) =>
      operation === 'validate' && run_id
        ? [[`${run_id} ${contact_id}`, { run_id, contact_id, external_id, at, state: stateOf(line), message: messageOf(line) }]]
        : [],
    ),
  )
  if (members.size === 0) return
  await sql`
    update crm_run_members m
       set state = r.state, external_id = r.external_id, message = r.message, checked_at = r.at
      from jsonb_to_recordset(${JSON.stringify(storable([...members.values()]))}::text::jsonb)
        as r(run_id int, contact_id int, state text, external_id text, message text, at timestamptz)
     where m.workspace_id = ${workspace_id} and m.run_id = r.run_id and m.contact_id = r.contact_id
       and (m.checked_at is null or m.checked_at <= r.at)`
  for (const id of new Set([...members.values()].map(member => member.run_id))) {
    const counts = JSON.stringify(await countMembers(sql, { workspace_id, id }))
    await sql`update crm_runs set counts = ${counts}::text::jsonb where workspace_id = ${workspace_id} and id = ${id} and state <> 'running'`
  }
}

function stateOf({ is_linked, state }: Pick<Loaded, 'is_linked' | 'state'>) {
  if (is_linked && state === 'DbWriteOkErrorLogged') return WRITTEN.OkResponse
  return state === 'DbWriteNotFoundErrorLogged' ? WRITTEN.NotFound : WRITTEN.UnexpectedResponse
}

function messageOf({ is_linked, error }: Pick<Loaded, 'is_linked' | 'error'>) {
  return is_linked ? null : error.message.slice(0, 2000)
}

/** Who has an id is linked already. The others are what they would have been, unless the CRM took them since. */
async function settleSignUps(sql: postgres.TransactionSql, workspace_id: number, connection_id: number, lines: Loaded[]) {
  const refused = lines.filter(({ operation, is_linked }) => operation === 'add_user' && !is_linked)
  if (refused.length === 0) return
  await sql`
    update crm_links l
       set state = 'WroteSalesforceErrorToDb', error = r.error, updated_at = now()
      from unnest(${refused.map(line => line.contact_id)}::int[], ${refused.map(messageOf)}::text[]) as r(contact_id, error)
     where l.workspace_id = ${workspace_id} and l.connection_id = ${connection_id} and l.contact_id = r.contact_id and l.external_id is null`
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
