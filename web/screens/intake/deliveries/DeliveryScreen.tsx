import { Button, Skeleton } from '@mantine/core'
import { IconArrowLeft, IconRepeat } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { IntakeDeliveryShown } from '../../../../shared/intake.ts'
import { intakeDelivery } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { isReplayable, todoOf, whyOf } from '../words.ts'
import { DeliveryState } from './columns.tsx'
import { AsItCame, Understood } from './DeliveryParts.tsx'
import { useReplay } from './useReplay.ts'
import './deliveries.css'

const route = getRouteApi('/w/$workspaceId/intake-deliveries/$deliveryId')

const AGAIN_MS = 2_000

/** One delivery: as it came, what was understood, and what was answered. */
export function IntakeDeliveryScreen() {
  const params = route.useParams()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    ...intakeDelivery(Number(params.workspaceId), Number(params.deliveryId)),
    refetchInterval: ({ state }) => (['received', 'fetching'].includes(state.data?.state ?? '') ? AGAIN_MS : false),
  })
  useTitle(`Delivery ${params.deliveryId}`)
  const back = () => (history.length > 1 ? history.back() : void navigate({ to: '/w/$workspaceId/intake-deliveries', params }))
  useKeys({
    Backspace: back,
  })
  if (error && !data)
    return (
      <Failure error={error} retry={() => void refetch()} title="This delivery could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/intake-deliveries" params={params} {...props} />}>
          All that was received
        </Button>
      </Failure>
    )
  return (
    <div className="received-page">
      <header className="received-head">
        <Link to="/w/$workspaceId/intake-deliveries" params={params} className="back-link">
          <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Received
        </Link>
        {data ? <Title delivery={data} /> : <Skeleton height={48} width={320} mt={12} />}
      </header>
      {data && (
        <div className="received-body">
          <Understood delivery={data} />
          <AsItCame delivery={data} />
        </div>
      )}
    </div>
  )
}

function Title({ delivery }: { delivery: IntakeDeliveryShown }) {
  const { replay, progress } = useReplay()
  const may_replay = useMay('update') && isReplayable(delivery)
  const why = whyOf(delivery)
  return (
    <>
      <div className="received-title">
        <h1>Delivery {delivery.id}</h1>
        <DeliveryState delivery={delivery} />
        {may_replay && (
          <Button
            variant="default"
            leftSection={<IconRepeat size={16} stroke={1.6} />}
            loading={progress !== undefined}
            onClick={() => replay([delivery.id])}
          >
            Replay
          </Button>
        )}
      </div>
      {why && (
        <p>
          {why} {todoOf(delivery)}
        </p>
      )}
    </>
  )
}
