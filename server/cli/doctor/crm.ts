import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fallbackFile } from '../../crm/fallback.ts'
import type { Finding, Patient } from './checks.ts'

/** What CRMs answered while the database was away waits for somebody to load it; and connections that nobody gets through. */
export async function crm({ sql, config }: Patient): Promise<Finding> {
  const text = await readFile(fallbackFile(join(config.home, 'crm')), 'utf8').catch(() => '')
  const lines = text.split('\n').filter(Boolean).length
  const broken = await sql<{ name: string; workspace_id: number; last_error: string }[]>`
    select name, workspace_id, last_error
      from crm_connections
     where active and last_error_at > coalesce(last_ok_at, '-infinity') and last_error_at > now() - interval '1 day'
     order by workspace_id, id
     limit 5`
  const problems = [
    ...(lines > 0 ? [`${lines} answers could not be written down: load them with "throughline crm replay-log"`] : []),
    ...broken.map(({ name, workspace_id, last_error }) => `${name} of workspace ${workspace_id}: ${last_error.slice(0, 200)}`),
  ]
  return { ok: problems.length === 0, found: problems.join('; ') || 'nothing waits to be loaded, and every connection answers' }
}
