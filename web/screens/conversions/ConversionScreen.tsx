import { Button, Skeleton } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Conversion } from '../../../shared/conversions.ts'
import { conversionEvents, conversion as conversionQuery } from '../../api/conversions.ts'
import { Facts } from '../../ui/Facts.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { JsonView } from '../../ui/JsonView.tsx'
import { useKeys } from '../../ui/keyboard.ts'
import { useList } from '../../ui/list.ts'
import { money } from '../../ui/numbers.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { Section } from '../../ui/Section.tsx'
import { absolute, moment } from '../../ui/times.ts'
import { ActivityLine } from '../activities/ActivityLine.tsx'
import { actorName } from '../activities/words.ts'
import { Actions } from './Actions.tsx'
import { ConversionState } from './ConversionState.tsx'
import { ContactLink } from './columns.tsx'
import { leftOf, SOURCES, typeName, worth } from './words.ts'
import './conversions.css'

const route = getRouteApi('/w/$workspaceId/conversions/$conversionId')

/** One conversion: what it is worth, whose it is, and everything that was done with it. */
export function ConversionScreen() {
  const params = route.useParams()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(conversionQuery(Number(params.workspaceId), Number(params.conversionId)))
  useTitle(data ? `${typeName(data.type)} ${worth(data) ?? ''}`.trim() : 'Conversion')
  const back = () => (history.length > 1 ? history.back() : void navigate({ to: '/w/$workspaceId/conversions', params }))
  useKeys({ Backspace: back })
  if (error && !data)
    return (
      <Failure error={error} retry={() => void refetch()} title="This conversion could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/conversions" params={params} {...props} />}>
          All conversions
        </Button>
      </Failure>
    )
  return (
    <div className="conversion">
      <header className="conversion-head">
        <Link to="/w/$workspaceId/conversions" params={params} className="back-link">
          <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Conversions
        </Link>
        {data ? (
          <div className="conversion-title">
            <h1>{typeName(data.type)}</h1>
            <span className="conversion-worth">{worth(data)}</span>
            <ConversionState conversion={data} />
            <Actions conversion={data} />
          </div>
        ) : (
          <Skeleton height={36} width={320} mt={12} />
        )}
      </header>
      {data && (
        <div className="conversion-body">
          <div>
            <About conversion={data} />
          </div>
          <div>
            <History conversion={data} />
          </div>
        </div>
      )}
    </div>
  )
}

function About({ conversion }: { conversion: Conversion }) {
  const { workspaceId } = route.useParams()
  const { id, lead_id, value, refunded, currency, order_id, booking_id, source, converted_by, converted_at, data } = conversion
  return (
    <>
      <Section title="About">
        <Facts
          facts={[
            ['Contact', <ContactLink key="contact" conversion={conversion} />],
            [
              'Lead',
              lead_id && (
                <Link className="text-link" to="/w/$workspaceId/leads/$leadId" params={{ workspaceId, leadId: String(lead_id) }}>
                  {lead_id}
                </Link>
              ),
            ],
            ['Value', money(value, currency)],
            ['Refunded', refunded > 0 ? money(refunded, currency) : null],
            ['What is left', refunded > 0 ? money(leftOf(conversion), currency) : null],
            ['Order id', order_id && <span className="mono">{order_id}</span>],
            ['Booking id', booking_id && <span className="mono">{booking_id}</span>],
            [
              'When',
              <time key="when" className="number" dateTime={converted_at} title={absolute(converted_at)}>
                {moment(converted_at)}
              </time>,
            ],
            ['Came by', `${SOURCES[source]}, ${actorName(converted_by)}`],
            ['Conversion id', id],
          ]}
        />
      </Section>
      {Object.keys(data).length > 0 && (
        <Section title="Further data">
          <JsonView value={data} />
        </Section>
      )}
    </>
  )
}

function History({ conversion: { id } }: { conversion: Conversion }) {
  const { workspaceId } = route.useParams()
  const list = useList(useInfiniteQuery(conversionEvents(Number(workspaceId), id)))
  return (
    <Section title="History">
      {list.error && <Failure error={list.error} retry={list.retry} />}
      <ol className="conversion-history">
        {list.rows.map(event => (
          <li key={event.id}>
            <ActivityLine {...event} />
            <RelativeTime at={event.at} />
          </li>
        ))}
      </ol>
      {list.more && (
        <Button variant="default" size="compact-sm" onClick={list.more}>
          Show earlier ones
        </Button>
      )}
    </Section>
  )
}
