import { useRouter } from '@tanstack/react-router'
import type { ContactHealth } from '../../../../shared/health.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { type ChartLink, chartLink } from '../../../charts/link.ts'
import { count, whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SEGMENTS, STAGES } from '../../contacts/stages.tsx'
import { Change } from '../Change.tsx'
import { Panel } from '../journeys/Panel.tsx'
import { percent } from '../words.ts'

/** How many there are, how many come and stay, and where they are. */
export function ContactsHealth({ health }: { health: ContactHealth }) {
  const { contacts, new_today, new_yesterday, new_7_days, new_7_days_before, active_30_days, counted_at, time_zone } = health
  const active = contacts ? active_30_days / contacts : null
  const contactsWith = useContactsWith()
  return (
    <>
      <section className="reports-head" aria-label="Contacts">
        <dl>
          <Figure label="Contacts" value={whole(contacts)} />
          <Figure label="New today" value={whole(new_today)} note={`${whole(new_yesterday)} yesterday`} />
          <div>
            <dt>New in 7 days</dt>
            <dd>
              {whole(new_7_days)} <Change now={new_7_days} before={new_7_days_before} />
            </dd>
          </div>
          <Figure label="Active in 30 days" value={whole(active_30_days)} note={percent(active)} />
        </dl>
        <p>
          Counted <RelativeTime at={counted_at} />. Days are those of {time_zone}.
        </p>
      </section>
      <div className="dashboard-pair">
        <Shares
          title="Segments"
          about="Where all contacts are now, by how much they watched."
          name="Segment"
          all={contacts}
          parts={health.segments.map(({ segment, contacts }) => ({
            key: segment ?? 'none',
            label: segment ? SEGMENTS[segment].label : 'None yet',
            contacts,
            link: segment ? contactsWith({ segment }) : undefined,
            quiet: segment === null || segment === 'no_show',
          }))}
        />
        <Shares
          title="Stages"
          about="How far all contacts are now."
          name="Stage"
          all={contacts}
          parts={health.stages.map(({ stage, contacts }) => ({
            key: stage,
            label: STAGES.find(({ value }) => value === stage)?.label ?? stage,
            contacts,
            link: contactsWith({ stage }),
            quiet: stage === 'lead',
          }))}
        />
      </div>
    </>
  )
}

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value} {note && <small className="health-note">{note}</small>}
      </dd>
    </div>
  )
}

type Part = { key: string; label: string; contacts: number; link: ChartLink | undefined; quiet: boolean }
type SharesProps = { title: string; about: string; name: string; all: number; parts: Part[] }

function Shares({ title, about, name, all, parts }: SharesProps) {
  const shareOf = (contacts: number) => (all ? contacts / all : 0)
  return (
    <Panel
      title={title}
      about={about}
      file={`contacts-by-${name.toLowerCase()}`}
      sheet={{ of: 'health_report', query: { row: name.toLowerCase() } }}
      span={`Of ${count(all, 'contact')}`}
      columns={[{ name }, { name: 'Contacts', link: row => parts[row]!.link }, { name: 'Share', say: percent }]}
      rows={parts.map(({ label, contacts }) => [label, contacts, shareOf(contacts)])}
    >
      <Bars
        label={title}
        bars={parts.map(({ key, label, contacts, link, quiet }) => ({
          key,
          label,
          share: shareOf(contacts),
          value: whole(contacts),
          note: percent(shareOf(contacts)),
          says: `${label}: ${count(contacts, 'contact')}, ${percent(shareOf(contacts))}`,
          link: contacts ? link : undefined,
          quiet,
        }))}
      />
    </Panel>
  )
}

type Filter = Partial<Pick<ContactHealth['stages'][number], 'stage'>> & {
  segment?: NonNullable<ContactHealth['segments'][number]['segment']>
}

/** Leads to the list of those contacts. */
function useContactsWith(): (search: Filter) => ChartLink {
  const router = useRouter()
  const params = { workspaceId: String(useWorkspaceId()) }
  return search => {
    const to = { to: '/w/$workspaceId/contacts', params, search } as const
    return chartLink(router.buildLocation(to).href, () => void router.navigate(to))
  }
}
