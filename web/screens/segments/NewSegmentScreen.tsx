import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../api/may.ts'
import { createSegment } from '../../api/segments.ts'
import { useSetting } from '../../api/useSetting.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import '../../ui/settings-page.css'
import { SegmentForm, type Written } from './SegmentForm.tsx'

const route = getRouteApi('/w/$workspaceId/segments/new')

export function NewSegmentScreen() {
  const params = route.useParams()
  const navigate = route.useNavigate()
  const may_change = useMay('update')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, written: Written) => createSegment(workspace_id, written),
    'Segment made',
  )
  const open = (id: number) =>
    navigate({ to: '/w/$workspaceId/segments/$segmentId', params: { ...params, segmentId: String(id) } })
  return (
    <div className="settings-page">
      <PageHead title="New segment" />
      <div className="settings-page-body">
        <SegmentForm
          save={written => mutate(written, { onSuccess: ({ id }) => void open(id) })}
          saving={isPending}
          error={error}
          may_change={may_change}
          cancel={() => void navigate({ to: '/w/$workspaceId/segments', params })}
        />
      </div>
    </div>
  )
}
