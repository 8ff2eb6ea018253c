import { setTimeout as wait } from 'node:timers/promises'
import type { Sql } from '../database/connect.ts'
import type { Who } from './who.ts'

/** How long a CRM has to answer before the person is erased here without it. */
const PATIENCE_MS = 120_000

/**
 * Waits until each CRM that knows them was told (server/crm/notice.ts marks them when an erasure is asked for, and the connection's policy says
 * whether they are deleted there or marked for a look). Returns what people have to do by hand where one was not reached.
 */
export async function waitForCrms(sql: Sql, workspace_id: number, who: Who, signal: AbortSignal): Promise<string | null> {
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    const untold = await sql<{ name: string; error: string | null }[]>`
      select k.name, coalesce(l.error, case when not k.active then 'switched off' end) as error
        from crm_links l
        join crm_connections k on k.workspace_id = l.workspace_id and k.id = l.connection_id
       where l.workspace_id = ${workspace_id} and l.contact_id = any(${who.contacts}::int[]) and l.external_id is not null
         and l.told->>'mark' is distinct from 'spam' and not coalesce((l.told->>'deleted')::boolean, false)
       order by k.id`
    if (untold.length === 0) return null
    if (signal.aborted || Date.now() > until || untold.every(({ error }) => error !== null))
      return `Not told, so that it has to be done there by hand: ${untold.map(({ name, error }) => (error ? `${name} (${error.slice(0, 200)})` : name)).join(', ')}.`
    await wait(500)
  }
}
