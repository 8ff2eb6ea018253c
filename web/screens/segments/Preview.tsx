import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Rule } from '../../../shared/segments.ts'
import { segmentPreview } from '../../api/segments.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { count } from '../../ui/numbers.ts'
import { nameOf } from '../contacts/names.ts'

/** So long after the last key: every letter would be a question. */
const PAUSE_MS = 400

/** How many a rule finds while it is written, and some of them. */
export function Preview({ rule }: { rule: Rule | undefined }) {
  const workspace_id = useWorkspaceId()
  const [asked] = useDebouncedValue(JSON.stringify(rule), PAUSE_MS)
  const { data, error, isFetching } = useQuery(
    segmentPreview(workspace_id, asked === undefined ? undefined : (JSON.parse(asked) as Rule)),
  )
  if (rule === undefined) return <p className="segment-preview muted">Fill in every condition to see how many people fit.</p>
  if (error)
    return (
      <p className="segment-preview segment-preview-error" role="alert">
        {error.message}
      </p>
    )
  return (
    <div className="segment-preview" aria-busy={isFetching} data-waiting={isFetching || undefined}>
      <p role="status">
        {data ? (
          <b>
            {data.is_estimate ? 'About ' : ''}
            {count(data.contact_count, 'person fits', 'people fit')}
          </b>
        ) : (
          'Counting…'
        )}
      </p>
      {data && data.contacts.length > 0 && (
        <ul aria-label="Some of them">
          {data.contacts.map(contact => (
            <li key={contact.id}>
              <Link
                to="/w/$workspaceId/contacts/$contactId"
                params={{ workspaceId: String(workspace_id), contactId: String(contact.id) }}
              >
                {nameOf(contact)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
