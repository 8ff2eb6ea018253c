import type { CrmLink } from '../../../../shared/crm.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { LINK_STATES } from '../words.ts'

type Props = { link: Pick<CrmLink, 'state' | 'due' | 'error'>; is_short?: boolean }

/** In words; the name that the diagram has for it on hover. */
export function LinkState({ link: { state, due, error }, is_short = false }: Props) {
  const { label, tone, about } = LINK_STATES[state]
  const said = error ?? (due && state === 'WroteSalesforceAppUserUid' ? 'a change waits' : null)
  return (
    <span className="crm-cell">
      <Pill tone={tone} title={`${about} (${state})`}>
        {label}
      </Pill>
      {said && !is_short && (
        <span className="cut muted" title={said}>
          {said}
        </span>
      )}
    </span>
  )
}
