import { useQuery } from '@tanstack/react-query'
import { keptPlaces } from '../../api/privacy.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'

/** Every table that holds people: what, why, for how long, and what erasure does. */
export function KeptTab() {
  const { data, error, refetch } = useQuery(keptPlaces(useWorkspaceId()))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The list could not be loaded" />
  if (!data) return <SkeletonLines lines={12} />
  return (
    <>
      <p className="settings-page-about muted">
        Erasing and reading out are made of this list, and every new table of the database has to be in it.
      </p>
      {data.encrypted && (
        <p className="settings-page-about">
          E-mails and phones are encrypted wherever they stand. They are found by the whole address or number, not by a part of
          it.
        </p>
      )}
      <ul className="setting-list kept" aria-label="What is kept">
        {data.data.map(({ table, columns, why, kept, erasure }) => (
          <li key={table}>
            <b>{table.replaceAll('_', ' ')}</b>
            <span>{columns}</span>
            <span className="muted">
              For: {why}. Kept {kept}.
            </span>
            <span className="muted">When somebody is erased: {erasure}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
