import type postgres from 'postgres'

/**
 * Says of mails that nobody works on any more that they failed. A mail and its job end together, unless the job was ended for it: it
 * took its process down several times, or somebody cancelled it. All workspaces at once, as the system's role.
 */
export async function abandonMails(sql: postgres.Sql): Promise<void> {
  await sql`
    update mails m
       set state = 'failed', sealed_link = null,
           error = 'The work on it was ended before it could be sent. The log of the server says why.'
     where m.state = 'queued'
       and not exists (
         select from jobs j
          where j.workspace_id = m.workspace_id and j.queue = 'mail' and j.state in ('queued', 'leased')
            and (j.payload ->> 'mail_id')::bigint = m.id)`
}
