import { useInfiniteQuery } from '@tanstack/react-query'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { EXCLUSION_SENTENCES, type RoutingDecision } from '../../../../shared/routing.ts'
import { routingDecisions } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { useUserName } from '../../leads/useUsers.ts'

/** Why it is whose it is, when the routing rules were asked: the last word, by which rule, and who could not. */
export function Why({ appointment: { id, decision_id } }: { appointment: AppointmentShown }) {
  const { data } = useInfiniteQuery({ ...routingDecisions(useWorkspaceId(), id), enabled: decision_id !== null })
  const decision = data?.pages.flatMap(({ data }) => data).find(({ id }) => id === decision_id)
  if (!decision) return null
  return (
    <Section title="Why it is whose it is">
      <p className="appointment-why">
        {decision.sentence}
        <span className="muted">
          {' '}
          {decision.rule_name && `Rule “${decision.rule_name}”, `}
          <RelativeTime at={decision.at} />
        </span>
      </p>
      <Excluded decision={decision} />
    </Section>
  )
}

function Excluded({ decision: { excluded } }: { decision: RoutingDecision }) {
  const nameOfUser = useUserName()
  if (!excluded.length) return null
  return (
    <ul className="appointment-excluded" aria-label="Who could not">
      {excluded.map(({ user_id, pool_id, reason }) => (
        <li key={`${pool_id} ${user_id}`}>
          {nameOfUser(user_id)} <span className="muted">{EXCLUSION_SENTENCES[reason]}</span>
        </li>
      ))}
    </ul>
  )
}
