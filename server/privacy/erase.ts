import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Config } from '../config.ts'
import { digestOf } from '../contacts/erased.ts'
import type { Sql } from '../database/connect.ts'
import type { Ended, RunHold, RunRow } from '../queue/runs.ts'
import { readCommon, withoutCommon } from './common.ts'
import { waitForCrms } from './crms.ts'
import { eraseInFiles } from './files.ts'
import { mask } from './mask.ts'
import { PLACES, type Place } from './places.ts'
import { scan } from './scan.ts'
import { lockPerson, sever } from './sever.ts'
import { noteTombstone } from './tombstones.ts'
import { type Asked, readWho, type Who } from './who.ts'

export type ErasureRun = RunRow & { subject: { asked: Asked; who: Who | null }; actor: Actor }

type Means = { sql: postgres.Sql; config: Config }

/** Those with statements of their own; everything else goes with the contact, or stays. */
const STEPS = PLACES.filter(({ erase }) => erase !== 'with contact' && erase !== 'stays')
/** The CRMs, the person, the tables, the files and the scan. */
export const TOTAL = STEPS.length + 4

/**
 * Erases somebody: CRMs are told, then the contact goes in one transaction, then what was written about them is looked for in every other place,
 * and at the end in every column of the workspace. What others said about them is masked where it
 * stands, and what a reader wrote meanwhile, as a message that was on its way, is found by going round again.
 * Every step can be done again, so a process that dies in between goes on where it was.
 */
export async function erase({ sql, config }: Means, run: ErasureRun, hold: RunHold): Promise<Ended> {
  const { workspace_id, id, subject, actor } = run
  const counts = { ...run.counts }
  let { who } = subject
  if (who === null) {
    const first = await readWho(sql, workspace_id, subject.asked)
    const warning = await waitForCrms(sql, workspace_id, first, hold.signal)
    // Before the lock: it reads much.
    const common = await readCommon(sql, first)
    who = (await sql.begin(async tx => {
      await lockPerson(tx, workspace_id)
      const found = withoutCommon(await readWho(tx, workspace_id, subject.asked), common)
      for (const [table, rows] of await countRows(tx, found, ({ erase }) => erase === 'with contact')) counts[table] = rows
      await sever(
        tx,
        found,
        id,
        found.known.map(value => digestOf(config)(workspace_id, value)),
        actor,
      )
      await tx`
        update erasures
           set subject = ${tx.json({ ...subject, who: found } as never)}, warning = ${warning}
         where workspace_id = ${workspace_id} and id = ${id}`
      await hold.keep(tx, { total: TOTAL, done: 2, counts })
      return found
    })) as Who
  }
  await noteTombstone(config, workspace_id, who)
  for (let round = 1; ; round++) {
    for (const [k, place] of STEPS.entries()) {
      await sql.begin(async tx => {
        const count = await clear(tx, place, who!)
        if (count > 0) counts[place.table] = (counts[place.table] ?? 0) + count
        await hold.keep(tx, { done: 3 + k, counts, cursor: place.table })
      })
    }
    counts.files = (counts.files ?? 0) + (await eraseInFiles(config, who))
    // A batch of an import that read its rows before they were emptied has written them after this, where the scan finds it.
    await sql.begin(tx => lockPerson(tx, workspace_id))
    const left = (await scan(sql, who.values, { workspace_id, inside: false })).filter(({ table }) => !IN_PASSING.includes(table))
    if (left.length === 0) break
    if (round === ROUNDS)
      throw new Error(`It still stands in ${left.map(({ table, column }) => `${table}.${column}`).join(', ')}.`)
    for (const found of left.filter(({ type, is_generated }) => TEXTS.includes(type) && !is_generated))
      counts.elsewhere = (counts.elsewhere ?? 0) + (await mask(sql, workspace_id, who.values, found))
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
  await sql`update erasures set subject = null, done = total where workspace_id = ${workspace_id} and id = ${id}`
  return { state: 'done' }
}

const ROUNDS = 5
const TEXTS = ['text', 'jsonb']
/** The list of what is being erased itself; and what waits there does its work and is emptied with it. */
const IN_PASSING = ['erasures', 'jobs']

/** How many rows of each table are theirs, of those that `which` wants. */
export async function countRows(sql: Sql, who: Who, which: (place: Place) => boolean): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const place of PLACES) {
    if (!place.of || !which(place)) continue
    const [row] = await sql<{ rows: number }[]>`
      select count(*)::int as rows from ${sql(place.table)} where workspace_id = ${who.workspace_id} and ${place.of(sql, who)}`
    if (row!.rows > 0) counts.set(place.table, (counts.get(place.table) ?? 0) + row!.rows)
  }
  return counts
}

async function clear(sql: postgres.TransactionSql, { table, of, erase }: Place, who: Who): Promise<number> {
  const theirs = sql`workspace_id = ${who.workspace_id} and ${of!(sql, who)}`
  if (typeof erase === 'string') return (await sql`delete from ${sql(table)} where ${theirs}`).count
  if ('by' in erase) return erase.by(sql, who)
  const { count } = await sql`
    update ${sql(table)}
       set ${sql.unsafe(erase.set)}
     where ${theirs}`
  return count
}
