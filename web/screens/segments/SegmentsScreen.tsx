import { Button } from '@mantine/core'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { BuiltInSegment, Segment } from '../../../shared/segments.ts'
import { useMay } from '../../api/may.ts'
import { segments } from '../../api/segments.ts'
import { tags as tagsQuery } from '../../api/tags.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { whole } from '../../ui/numbers.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { SEGMENTS } from '../contacts/stages.tsx'
import { sentenceOf } from './rule/words.ts'
import '../../ui/settings-page.css'
import './segments.css'

const route = getRouteApi('/w/$workspaceId/segments')

/** Who belongs together, and how many they are. */
export function SegmentsScreen() {
  const { workspaceId } = route.useParams()
  const { data, error, refetch } = useQuery(segments(Number(workspaceId)))
  const button = useMay('update') && (
    <Button
      leftSection={<IconPlus size={15} />}
      renderRoot={props => <Link to="/w/$workspaceId/segments/new" params={{ workspaceId }} {...props} />}
    >
      New segment
    </Button>
  )
  return (
    <div className="settings-page">
      <PageHead title="Segments">{data && data.data.length > 0 && button}</PageHead>
      <div className="settings-page-body">
        {error && !data && <Failure error={error} retry={() => void refetch()} title="The segments could not be loaded" />}
        {!data && !error && <SkeletonLines lines={8} padding="20px 0" />}
        {data && (
          <>
            {data.data.length === 0 ? (
              <Empty icon={IconUsersGroup} title="No segment of your own yet" actions={button}>
                Say who belongs together: what they did or did not do, who they are, how far they came. You see at once how many
                that are, and from then on everybody is in it for as long as they fit.
              </Empty>
            ) : (
              <Yours segments={data.data} workspaceId={workspaceId} />
            )}
            <BuiltIn segments={data.built_in} workspaceId={workspaceId} />
          </>
        )}
      </div>
    </div>
  )
}

function Yours({ segments, workspaceId }: { segments: Segment[]; workspaceId: string }) {
  const { data: tags } = useQuery(tagsQuery(Number(workspaceId)))
  return (
    <section className="segments-part" aria-labelledby="segments-yours">
      <h2 id="segments-yours">Yours</h2>
      <ul className="setting-list" aria-label="Your segments">
        {segments.map(({ id, name, description, rule, contact_count, progress }) => (
          <li key={id}>
            <Link
              to="/w/$workspaceId/segments/$segmentId"
              params={{ workspaceId, segmentId: String(id) }}
              className="setting-line"
            >
              <span className="segments-name">
                <b>{name}</b>
                <span className="muted cut">{description || sentenceOf(rule, tags?.data)}</span>
              </span>
              <span className="number">{progress === null ? whole(contact_count) : <Counting progress={progress} />}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Counting({ progress }: { progress: number }) {
  return <span className="muted">being counted, {Math.round(progress * 100)} %</span>
}

function BuiltIn({ segments, workspaceId }: { segments: BuiltInSegment[]; workspaceId: string }) {
  return (
    <section className="segments-part" aria-labelledby="segments-built-in">
      <h2 id="segments-built-in">By how much they watched</h2>
      <ul className="setting-list" aria-label="Built-in segments">
        {segments.toReversed().map(({ segment, contact_count }) => (
          <li key={segment}>
            <Link to="/w/$workspaceId/contacts" params={{ workspaceId }} search={{ segment }} className="setting-line">
              <span className="segments-name">
                <b>{SEGMENTS[segment].label}</b>
                <span className="muted cut">{SEGMENTS[segment].about}</span>
              </span>
              <span className="number">{whole(contact_count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
