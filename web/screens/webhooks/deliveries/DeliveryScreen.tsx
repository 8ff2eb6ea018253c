import { ActionIcon, Button, CopyButton, Skeleton, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconCheck, IconCopy, IconRepeat } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { DeliveryShown } from '../../../../shared/webhooks.ts'
import { useMay } from '../../../api/may.ts'
import { ApiError } from '../../../api/request.ts'
import { delivery as deliveryQuery, endpoint as endpointQuery } from '../../../api/webhooks.ts'
import { Facts } from '../../../ui/Facts.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { JsonView } from '../../../ui/JsonView.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { Section } from '../../../ui/Section.tsx'
import { absolute, moment } from '../../../ui/times.ts'
import { deliveryWords } from '../words.ts'
import { Attempts } from './Attempts.tsx'
import { DeliveryState } from './columns.tsx'
import { useReplay } from './useReplay.tsx'
import './deliveries.css'

const route = getRouteApi('/w/$workspaceId/deliveries/$deliveryId')

const AGAIN_MS = 2_000

/** One delivery: what is sent, and every attempt with what came back. */
export function DeliveryScreen() {
  const params = route.useParams()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    ...deliveryQuery(Number(params.workspaceId), Number(params.deliveryId)),
    refetchInterval: ({ state }) => (state.data?.state === 'queued' ? AGAIN_MS : false),
  })
  const is_deleted = useIsDeleted(Number(params.workspaceId), data?.endpoint_id)
  useTitle(data ? `${data.event} to ${data.endpoint}` : 'Delivery')
  const back = () => (history.length > 1 ? history.back() : void navigate({ to: '/w/$workspaceId/deliveries', params }))
  useKeys({ Backspace: back })
  if (error && !data)
    return (
      <Failure error={error} retry={() => void refetch()} title="This delivery could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/deliveries" params={params} {...props} />}>All deliveries</Button>
      </Failure>
    )
  return (
    <div className="delivery">
      <header className="delivery-head">
        <Link to="/w/$workspaceId/deliveries" params={params} className="back-link">
          <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Deliveries
        </Link>
        {data ? <Title delivery={data} is_deleted={is_deleted} /> : <Skeleton height={48} width={320} mt={12} />}
      </header>
      {data && (
        <div className="delivery-body">
          <Section title="Attempts">
            <Attempts delivery={data} />
          </Section>
          <Section
            title="What is sent"
            about={
              data.attempts_made.some(attempt => attempt.body !== null) &&
              'In the body that the endpoint has now. An attempt that carried another one shows it.'
            }
          >
            <About delivery={data} is_deleted={is_deleted} workspaceId={params.workspaceId} />
            <JsonView value={data.body} />
          </Section>
        </div>
      )}
    </div>
  )
}

/** Whether its endpoint was, which nothing else tells. */
function useIsDeleted(workspace_id: number, id: number | undefined) {
  const { error } = useQuery({ ...endpointQuery(workspace_id, id ?? 0), enabled: id !== undefined })
  return error instanceof ApiError && error.code === 'not_found'
}

function Title({ delivery, is_deleted }: { delivery: DeliveryShown; is_deleted: boolean }) {
  const replay = useReplay()
  const may_replay = useMay('update') && !delivery.is_test && !is_deleted
  return (
    <div className="delivery-who">
      <div className="delivery-title">
        <h1>{delivery.event}</h1>
        <DeliveryState delivery={delivery} />
        {delivery.is_test && <Pill tone="plain">test</Pill>}
      </div>
      <p>{whereTo(delivery, is_deleted)}</p>
      {may_replay && (
        <Button variant="default" leftSection={<IconRepeat size={16} stroke={1.6} />} onClick={() => replay([delivery.id])}>
          Replay
        </Button>
      )}
    </div>
  )
}

/** What waits goes to the address that the endpoint has now; what is over may have gone to an earlier one. */
function whereTo(delivery: DeliveryShown, is_deleted: boolean) {
  const { url, state, attempts_made } = delivery
  const { detail } = deliveryWords(delivery)
  const went_to = attempts_made.find(attempt => attempt.url !== null)?.url
  if (is_deleted) return `To ${went_to ?? url}. This endpoint was deleted: nothing is sent there any more.`
  if (state === 'queued' || state === 'held') return detail ? `To ${url}, next attempt ${detail}` : `To ${url}`
  return went_to ? `To ${went_to}` : `To ${url}, the address that the endpoint has now`
}

function About({ delivery, is_deleted, workspaceId }: { delivery: DeliveryShown; is_deleted: boolean; workspaceId: string }) {
  const { endpoint_id, endpoint, contact_id, contact, message_id, occurred_at, created_at } = delivery
  return (
    <div style={{ marginBottom: 14 }}>
      <Facts
        facts={[
          [
            'Endpoint',
            is_deleted ? (
              endpoint
            ) : (
              <Link
                key="endpoint"
                className="text-link"
                to="/w/$workspaceId/endpoints/$endpointId"
                params={{ workspaceId, endpointId: String(endpoint_id) }}
              >
                {endpoint}
              </Link>
            ),
          ],
          [
            'Contact',
            contact_id && (
              <Link
                className="text-link"
                to="/w/$workspaceId/contacts/$contactId"
                params={{ workspaceId, contactId: String(contact_id) }}
              >
                {contact ?? `Contact ${contact_id}`}
              </Link>
            ),
          ],
          ['webhook-id', <MessageId key="id" id={message_id} />],
          ['Happened', <Moment key="happened" at={occurred_at} />],
          ['Queued', <Moment key="queued" at={created_at} />],
        ]}
      />
    </div>
  )
}

function Moment({ at }: { at: string }) {
  return (
    <time className="number" dateTime={at} title={absolute(at)}>
      {moment(at)}
    </time>
  )
}

function MessageId({ id }: { id: string }) {
  return (
    <span className="mono">
      {id}{' '}
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="xs"
              onClick={copy}
              aria-label={copied ? 'Copied' : 'Copy the webhook-id'}
            >
              {copied ? <IconCheck size={13} /> : <IconCopy size={13} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  )
}
