import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { workspace } from '../../api/workspaces.ts'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { SettingsForm } from './SettingsForm.tsx'
import './settings.css'

const route = getRouteApi('/w/$workspaceId/settings')

export function SettingsScreen() {
  const { data, error, refetch } = useQuery(workspace(Number(route.useParams().workspaceId)))
  return (
    <>
      <PageHead title="Settings" note={data && `${data.name}, ${data.organization}`} />
      <div className="settings">
        {error && !data && <Failure error={error} retry={() => void refetch()} />}
        {!error && !data && <SkeletonLines lines={8} pitch={58} />}
        {data && <SettingsForm key={data.id} workspace={data} />}
      </div>
    </>
  )
}
