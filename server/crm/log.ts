import type { Sql } from '../database/connect.ts'
import { storable } from '../database/storable.ts'
import type { CrmProviderName } from './provider.ts'
import type { CrmError } from './result.ts'

/** What went wrong, with whom, when what was asked of which CRM. */
export type CrmFailure = {
  workspace_id: number
  connection_id: number
  provider: CrmProviderName
  contact_id: number | null
  run_id?: number | null
  operation: 'add_user' | 'change_email' | 'subscribe' | 'mark' | 'validate' | 'sustainers' | 'load_log' | 'test'
  error: CrmError
  at?: Date
  /** Of the line of the fallback file: the same line is loaded once. */
  fallback_id?: string
}

/** Appends failures to the log, in one statement. What is there already, by its fallback_id, is left as it is. */
export async function logFailures(sql: Sql, failures: CrmFailure[]): Promise<void> {
  if (failures.length === 0) return
  const rows = failures.map(({ error, at = new Date(), ...failure }) => ({
    ...failure,
    at: at.toISOString(),
    code: codeOf({ ...failure, error, at }),
    kind: error.kind,
    http_status: error.http_status ?? null,
    message: error.message.slice(0, 2000),
    request_id: error.request_id?.slice(0, 200) ?? null,
  }))
  await sql`
    insert into crm_log (workspace_id, at, connection_id, provider, contact_id, run_id, operation, code, kind, http_status, message,
                         request_id, fallback_id)
    select workspace_id, at, connection_id, provider, contact_id, run_id, operation, code, kind, http_status, message, request_id, fallback_id
      from jsonb_to_recordset(${JSON.stringify(storable(rows))}::text::jsonb)
        as r(workspace_id int, at timestamptz, connection_id int, provider text, contact_id int, run_id int, operation text, code text,
             kind text, http_status int, message text, request_id text, fallback_id text)
    on conflict do nothing`
}

/** The code that seed 003 gives a failure, with its time: NewUserSalesforceWriteError-2026-01-31T09:30:00.000Z. */
export function codeOf({ operation, provider, error, at }: Pick<CrmFailure, 'operation' | 'provider' | 'error'> & { at: Date }) {
  const crm = NAMES[provider]
  const name = {
    add_user: `NewUser${crm}WriteError`,
    validate: error.kind === 'not_found' ? `NbProfileNotFoundIn${crm}` : 'NbProfileUnexpectedRes',
    change_email: `ChangeEmail${crm}WriteError`,
    subscribe: `MailingList${crm}WriteError`,
    mark: `Mark${crm}WriteError`,
    sustainers: `Sustainers${crm}ReadError`,
    load_log: `LoadLog${crm}WriteError`,
    test: `Test${crm}Error`,
  }[operation]
  return `${name}-${at.toISOString()}`
}

const NAMES: Record<CrmProviderName, string> = {
  salesforce: 'Salesforce',
  nationbuilder: 'Nationbuilder',
  hubspot: 'Hubspot',
  activecampaign: 'Activecampaign',
  log: 'Log',
  none: 'None',
}
