import { ActionIcon, Skeleton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IntakeTarget, Mapping } from '../../../../shared/intake.ts'
import { triedMapping } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { type Fact, Facts } from '../../../ui/Facts.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { valueText } from '../../contacts/valueText.ts'
import { isComplete } from './draft.ts'

const PAUSE_MS = 250

type Props = { webhook_id: number; mapping: Mapping; targets: IntakeTarget[] }

/** What would become of the latest deliveries, as the server reads them. Nothing is stored. */
export function Preview({ webhook_id, mapping, targets }: Props) {
  const [at, setAt] = useState(0)
  // A rule that is still being made is not tried.
  const whole = Object.fromEntries(Object.entries(mapping).filter(([, rule]) => rule === null || isComplete(rule)))
  const [tried] = useDebouncedValue(JSON.stringify(whole), PAUSE_MS)
  const { data, error, refetch } = useQuery({
    ...triedMapping(useWorkspaceId(), webhook_id, JSON.parse(tried)),
    placeholderData: keepPreviousData,
  })
  const all = data?.data ?? []
  const shown = all[Math.min(at, all.length - 1)]
  return (
    <section className="mapping-column mapping-preview" aria-label="Preview" aria-busy={!data}>
      <header>
        <h2>Preview</h2>
        <span className="mapping-steps">
          <ActionIcon variant="subtle" color="gray" aria-label="Newer delivery" disabled={at === 0} onClick={() => setAt(at - 1)}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Older delivery"
            disabled={at >= all.length - 1}
            onClick={() => setAt(at + 1)}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </span>
        <p>{shown && `What delivery ${shown.delivery_id} becomes.`}</p>
      </header>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={180} />}
      {shown && <Tried lead={shown.lead} problems={shown.problems} targets={targets} />}
      {data && !shown && <p className="muted">None of the latest deliveries can be read.</p>}
    </section>
  )
}

type TriedProps = { lead: Record<string, unknown>; problems: Record<string, string>; targets: IntakeTarget[] }

function Tried({ lead: { fields, ...values }, problems, targets }: TriedProps) {
  const flat = { ...values, ...within(fields) }
  const known = targets.flatMap(({ name, label }): Fact[] => (flat[name] === undefined ? [] : [[label, valueText(flat[name])]]))
  const names = new Set(targets.map(({ name }) => name))
  const others = Object.entries(flat).flatMap(([name, value]): Fact[] =>
    names.has(name) ? [] : [[name.replace(/^fields\./, ''), valueText(value)]],
  )
  const reachable = flat.email !== undefined || flat.phone !== undefined
  return (
    <>
      <p className="mapping-verdict" data-good={reachable || undefined} role="status">
        {reachable ? 'This becomes a lead.' : 'This becomes no lead: it has neither an e-mail nor a phone.'}
      </p>
      <Facts facts={known} />
      {others.length > 0 && (
        <>
          <h3>Kept as it came</h3>
          <Facts facts={others} />
        </>
      )}
      {Object.keys(problems).length > 0 && (
        <>
          <h3>Not understood</h3>
          <Facts facts={Object.entries(problems)} />
        </>
      )}
    </>
  )
}

function within(fields: unknown): Record<string, unknown> {
  if (typeof fields !== 'object' || fields === null) return {}
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`fields.${name}`, value]))
}
