import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { imports } from '../../../api/imports.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { actorName } from '../../activities/words.ts'
import { DropFile } from './DropFile.tsx'
import { stateOf } from './words.ts'
import '../../../ui/settings-page.css'
import './import.css'

const route = getRouteApi('/w/$workspaceId/imports')

/** What the rows of a file are, the file, and what became of those before. */
export function ImportsScreen() {
  const may = { contacts: useMay('update'), leads: useMay('work') }
  const { of = 'contacts' } = route.useSearch()
  const navigate = route.useNavigate()
  // Who changes only what is theirs has leads, and nothing else to choose. The address says so, so that the sidebar knows it.
  if (of === 'contacts' && !may.contacts && may.leads) return <Navigate from={route.id} search={{ of: 'leads' }} replace />
  return (
    <div className="settings-page import-page">
      <PageHead title={`Import ${of}`} />
      <div className="import-body">
        {may[of] && (
          <div className="import-begin">
            {may.contacts && may.leads && (
              <div className="import-of">
                <span id="import-of">Each row is</span>
                <SegmentedControl
                  aria-labelledby="import-of"
                  data={OF}
                  value={of}
                  onChange={value => navigate({ search: { of: value === 'leads' ? 'leads' : undefined }, replace: true })}
                />
              </div>
            )}
            <DropFile key={of} of={of} />
          </div>
        )}
        <Files />
      </div>
    </div>
  )
}

const OF = [
  { value: 'contacts', label: 'a contact' },
  { value: 'leads', label: 'a lead' },
]

function Files() {
  const workspace_id = useWorkspaceId()
  const { data, error, refetch } = useQuery(imports(workspace_id))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The imports could not be loaded" />
  if (!data) return <SkeletonLines lines={4} pitch={52} />
  if (data.data.length === 0) return null
  return (
    <section aria-label="Files before">
      <h2 className="import-title">Files before</h2>
      <ul className="import-files">
        {data.data.map(file => {
          const { tone, says } = stateOf(file)
          return (
            <li key={file.id}>
              <Link
                to="/w/$workspaceId/imports/$importId"
                params={{ workspaceId: String(workspace_id), importId: String(file.id) }}
                className="import-file"
              >
                <b className="cut">{file.name}</b>
                <span className="muted">
                  {file.total === null ? count(file.done, 'row') : count(file.total, 'row')} · {actorName(file.actor)}{' '}
                  <RelativeTime at={file.created_at} />
                </span>
                <Pill tone={tone}>{says}</Pill>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
