import type { CrmConnection, CrmLink, CrmLogEntry, CrmRun, CrmRunMember } from '../../../shared/crm.ts'
import { count, whole } from '../../ui/numbers.ts'
import type { Tone } from '../../ui/Pill.tsx'
import { ahead } from '../../ui/times.ts'
import { failuresOf } from './runs/figures.ts'

type Words = { label: string; tone: Tone; about: string }

/** How a connection is, and what a person should know or do about it. */
export function connectionWords(connection: CrmConnection): Words {
  const { active, is_complete, wait_until, last_ok_at, last_error, last_error_at } = connection
  if (!is_complete)
    return { label: 'Not set up', tone: 'warm', about: 'Something that it needs is missing: fill it in under its settings.' }
  if (!active) return { label: 'Off', tone: 'plain', about: 'What it would be told waits until you turn it on.' }
  if (wait_until)
    return { label: `Waits ${until(wait_until)}`, tone: 'warm', about: "The CRM's limit is reached: it is asked nothing before." }
  if (last_error_at && (!last_ok_at || last_error_at > last_ok_at)) {
    // It may have been about one person only: the log says with whom.
    const label = last_ok_at ? 'Last one failed' : 'Failing'
    return { label, tone: last_ok_at ? 'warm' : 'bad', about: last_error ?? 'What it was asked last went wrong.' }
  }
  return {
    label: 'Active',
    tone: 'good',
    about: last_ok_at ? 'What it was asked last went well.' : 'It was not asked anything yet.',
  }
}

/** "for 40 s", "for 5 min": how much longer. */
const until = (at: string) => ahead(at).replace(/^in /, 'for ')

/** Of somebody who signed up. */
export const LINK_STATES: Record<CrmLink['state'], Words> = {
  UserCreated: { label: 'To be added', tone: 'accent', about: 'They signed up here; the CRM is told next.' },
  RequestAddToSalesforce: { label: 'Being added', tone: 'accent', about: 'The CRM was asked and has not answered yet.' },
  WroteSalesforceAppUserUid: { label: 'Linked', tone: 'good', about: 'The CRM took them, and its id is stored here.' },
  WroteSalesforceErrorToDb: { label: 'Not taken', tone: 'bad', about: 'The CRM did not take them; the log says why.' },
  LoggedDbFailure: {
    label: 'Not taken, not noted',
    tone: 'bad',
    about: 'The CRM did not take them, and the database did not take the note: it stands in the fallback file of the server.',
  },
}

export type MemberState = CrmRunMember['state']

/** Of a member with an old id. `todo`: what a person does about it. */
export const MEMBER_STATES: Record<MemberState, Words & { todo?: string }> = {
  NotChecked: { label: 'Not checked', tone: 'plain', about: 'The run has not come to them yet.' },
  ScriptFailureLogged: {
    label: 'Check broke off',
    tone: 'bad',
    about: 'The check itself failed before the CRM answered.',
    todo: 'Resume the run: they are checked again.',
  },
  RequestedContact: { label: 'Asked', tone: 'accent', about: 'The new CRM was asked and has not answered yet.' },
  OkResponse: { label: 'Found', tone: 'accent', about: 'The new CRM knows them; its id is being written.' },
  NotFound: { label: 'Not found', tone: 'accent', about: 'The new CRM does not know them; that is being noted.' },
  UnexpectedResponse: { label: 'Unexpected', tone: 'accent', about: 'It answered something else; that is being noted.' },
  WroteSalesforceAppUserUid: { label: 'Written', tone: 'good', about: 'Found in the new CRM, and its id is stored here.' },
  WroteNotFound: {
    label: 'Not found, noted',
    tone: 'bad',
    about: 'They have an old id, and the new CRM does not know them.',
    todo: 'Spam that was never deleted, or lost on the way: take the list to whoever runs the CRM, mend it there, then ask again.',
  },
  WroteUnexpectedResponse: {
    label: 'Unexpected, noted',
    tone: 'bad',
    about: 'The new CRM answered neither yes nor no; what it said is noted.',
    todo: 'Read what it said, mend the cause, then ask again.',
  },
  DbWriteOkErrorLogged: {
    label: 'Found, not stored',
    tone: 'bad',
    about: 'The new CRM knows them, but the database did not take its id.',
    todo: 'The id stands in the fallback file of the server: `throughline crm replay-log` stores it.',
  },
  DbWriteNotFoundErrorLogged: {
    label: 'Not found, not noted',
    tone: 'bad',
    about: 'The new CRM does not know them, and the database did not take the note.',
    todo: 'The note stands in the fallback file of the server: `throughline crm replay-log` stores it.',
  },
  DbWriteUnexpectedResFailure: {
    label: 'Unexpected, not noted',
    tone: 'bad',
    about: 'The new CRM answered neither yes nor no, and the database did not take the note.',
    todo: 'The note stands in the fallback file of the server: `throughline crm replay-log` stores it.',
  },
}

export const RUN_STATES: Record<CrmRun['state'], Omit<Words, 'about'>> = {
  running: { label: 'Running', tone: 'accent' },
  stopped: { label: 'Stopped', tone: 'warm' },
  done: { label: 'Done', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  refused: { label: 'Nothing changed', tone: 'warm' },
}

/** "HubSpot → Salesforce", or what is read. */
export function runName({ kind, from_connection, connection }: CrmRun) {
  if (kind === 'validate') return `${from_connection} → ${connection}`
  return kind === 'sustainers' ? `Sustainers of ${connection}` : `What was logged, to ${connection}`
}

/** How it ended, for who was not looking: "Done: 1,200 members, 3 to look at". */
export function runEnd(run: CrmRun) {
  const { label } = RUN_STATES[run.state]
  if (run.error) return `${label}: ${run.error}`
  const failures = failuresOf(run)
  const noun = run.kind === 'validate' ? 'member' : 'record'
  return `${label}: ${count(run.done, noun)}${failures > 0 ? `, ${whole(failures)} to look at` : ''}`
}

/** What went wrong, and what to do about it. */
export const ERROR_KINDS: Record<CrmLogEntry['kind'], { label: string; todo: string }> = {
  auth: {
    label: 'Sign-in refused',
    todo: 'Look at the keys in the settings: they may be wrong, run out, or lack a right over there.',
  },
  rate_limited: { label: 'Limit reached', todo: 'The CRM takes no more for now. It goes on by itself when it does.' },
  timeout: { label: 'No answer in time', todo: 'It is asked again by itself. If it stays so, look whether the CRM is up.' },
  network: { label: 'Not reached', todo: 'Look at the address in the settings, and whether this server may reach it.' },
  not_found: {
    label: 'Not found',
    todo: 'The CRM has no such record or field: compare the names in the settings with those over there.',
  },
  duplicate: { label: 'Several records', todo: 'The CRM has more than one of them: merge them over there, then tell it again.' },
  validation: {
    label: 'Refused as wrong',
    todo: 'The CRM does not take what was sent: correct the person, or its rules over there.',
  },
  server: { label: 'The CRM failed', todo: 'It is asked again by itself.' },
  unexpected: {
    label: 'Unexpected answer',
    todo: 'It answered something that its documentation does not know: look at the message.',
  },
}

/** The same, of a test: nobody was written there, so what is wrong is wrong in the settings. */
export function testWords(kind: CrmLogEntry['kind']) {
  return kind === 'validation'
    ? { label: 'The settings are not complete', todo: 'Complete them, save, and test again.' }
    : ERROR_KINDS[kind]
}

export const OPERATIONS: Record<string, string> = {
  add_user: 'Add a person',
  change_email: 'Change an e-mail',
  subscribe: 'Mailing lists',
  mark: 'Mark a person',
  validate: 'Migration run',
  sustainers: 'Read sustainers',
  load_log: 'Load what was logged',
  test: 'Test',
}

export const ADDS: Record<CrmConnection['adds'], [label: string, about: string]> = {
  signed_up: ['Who signs up', 'Members and those who register for something.'],
  everybody: ['Everybody with an e-mail', 'Also who was imported, or gave it in a form.'],
  nobody: ['Nobody new', 'It is told only of those who have an id there already.'],
}

export const SPAM_POLICIES: Record<CrmConnection['spam_policy'], [label: string, about: string]> = {
  review: ['Marked for somebody to look at', 'Nothing is lost over there.'],
  delete: ['Deleted over there', 'Unless their record holds anything that is worth keeping.'],
}

export const MARKS = { spam: 'Spam', review: 'For review' } as const
