import type { Finding, Patient } from './checks.ts'

export async function queue({ sql }: Patient): Promise<Finding> {
  const [row] = await sql<{ queued: number; late: number; lost: number; failed: number }[]>`
    select count(*) filter (where state = 'queued')::int as queued,
           count(*) filter (where state = 'queued' and run_at < now() - interval '15 minutes')::int as late,
           count(*) filter (where state = 'leased' and lease_until < now() - interval '5 minutes')::int as lost,
           count(*) filter (where state = 'failed' and finished_at > now() - interval '1 day')::int as failed
      from jobs
     where state in ('queued', 'leased') or finished_at > now() - interval '1 day'`
  const { queued, late, lost, failed } = row!
  const stuck = late + lost > 0 ? `; ${late} wait for more than 15 minutes, ${lost} lost their worker: is a server running?` : ''
  return { ok: !stuck, found: `${queued} queued, ${failed} failed within a day${stuck}` }
}

export async function schedule({ sql, schedule }: Patient): Promise<Finding> {
  const rows = await sql<{ name: string; wrong: string }[]>`
    select name, case when last_error is not null then 'failed: ' || last_error else 'is an hour late' end as wrong
      from periodic_work
     where name = any(${schedule.map(([name]) => name)})
       and (last_error is not null or (next_run_at < now() - interval '1 hour' and last_run_at is not null))
     order by name`
  // Without a server nothing is late; the next start makes up for it.
  const failed = rows.filter(({ wrong }) => wrong.startsWith('failed'))
  const words = rows.map(({ name, wrong }) => `"${name}" ${wrong}`).join('; ')
  return { ok: failed.length === 0, found: words || `${schedule.length} tasks, none failed` }
}
