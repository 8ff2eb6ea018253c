import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Import, ImportRow } from '../../../../shared/imports.ts'
import { failedRowsAddress, importRows } from '../../../api/imports.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Figures } from '../../../ui/Figures.tsx'
import { whole } from '../../../ui/numbers.ts'
import { CsvLink } from '../../crm/CsvLink.tsx'
import { COUNTS } from './words.ts'

/** Counts of a trial or of what was done, and the rows that were not written with why. */
export function Outcome({ file }: { file: Import }) {
  const workspace_id = useWorkspaceId()
  const { counts, step, state } = file
  const figures = COUNTS.flatMap(([name, done, trial]) =>
    counts[name] ? [{ label: step === 'check' ? trial : done, value: whole(counts[name]) }] : [],
  )
  const not_written = (counts.failed ?? 0) + (counts.ambiguous ?? 0) + (counts.skipped ?? 0)
  return (
    <section aria-label={step === 'check' ? 'What it would do' : 'What it did'}>
      {figures.length > 0 && <Figures figures={figures} />}
      {step === 'check' && state === 'waiting' && <p className="muted import-note">This was a trial: nothing was written.</p>}
      {state !== 'running' && not_written > 0 && (
        <>
          <div className="import-failed-head">
            <h2 className="import-title">Rows that {step === 'check' ? 'would not be' : 'were not'} written</h2>
            <CsvLink href={failedRowsAddress(workspace_id, file.id)} label="All of them with the reason, as a file" />
          </div>
          {(['failed', 'ambiguous', 'skipped'] as const).map(outcome =>
            counts[outcome] ? <Rows key={outcome} file={file} outcome={outcome} /> : null,
          )}
        </>
      )}
      {state !== 'running' && step === 'write' && <Made file={file} />}
    </section>
  )
}

function Rows({ file, outcome }: { file: Import; outcome: ImportRow['outcome'] }) {
  const { data } = useQuery(importRows(useWorkspaceId(), file, outcome))
  return (
    <ul className="import-rows" aria-label={`Rows: ${outcome}`}>
      {data?.data.map(({ row, reason, contact_id, lead_id }) => (
        <li key={row}>
          <span className="number muted">Row {whole(row)}</span>
          <span>
            {reason} {lead_id !== null ? <LeadLink id={lead_id} /> : contact_id !== null && <ContactLink id={contact_id} />}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The first that it made. */
function Made({ file }: { file: Import }) {
  const { data } = useQuery(importRows(useWorkspaceId(), file, 'created'))
  if (!data?.data.length) return null
  return (
    <>
      <h2 className="import-title">New {file.of}</h2>
      <p className="import-made">
        {data.data
          .slice(0, 20)
          .map(({ row, contact_id, lead_id }) =>
            lead_id !== null ? (
              <LeadLink key={row} id={lead_id} />
            ) : (
              contact_id !== null && <ContactLink key={row} id={contact_id} />
            ),
          )}
        {(file.counts.created ?? 0) > 20 && <span className="muted">and {whole(file.counts.created! - 20)} more</span>}
      </p>
    </>
  )
}

function LeadLink({ id }: { id: number }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/leads/$leadId"
      params={{ workspaceId, leadId: String(id) }}
      search={{}}
      className="text-link number"
    >
      {id}
    </Link>
  )
}

function ContactLink({ id }: { id: number }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/contacts/$contactId"
      params={{ workspaceId, contactId: String(id) }}
      search={{}}
      className="text-link number"
    >
      {id}
    </Link>
  )
}
