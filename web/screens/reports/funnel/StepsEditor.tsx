import { Button, NumberInput, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type FunnelStep, MOST_STEPS, MOST_WINDOW_MINUTES } from '../../../../shared/funnel-report.ts'
import { eventNames } from '../../../api/events.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { stepsText } from '../../../shell/funnelReport.ts'
import type { FunnelSearch } from './question.ts'
import { StepFields } from './StepFields.tsx'
import { UNITS, unitOf } from './words.ts'

type Props = { steps: FunnelStep[] | undefined; within: number; ask: (change: FunnelSearch) => void }
/** `key` is the row's own: two steps may be the same event. */
type DraftStep = FunnelStep & { key: number }

/** The steps as they are put together. They are counted when somebody asks for it. */
export function StepsEditor({ steps, within, ask }: Props) {
  const { data: names } = useQuery(eventNames(useWorkspaceId()))
  const asked = JSON.stringify([steps, within])
  const [seen, setSeen] = useState(asked)
  const [draft, setDraft] = useState(() => draftOf(steps))
  const [window, setWindow] = useState(() => windowOf(within))
  if (asked !== seen) {
    setSeen(asked)
    setDraft(draftOf(steps))
    setWindow(windowOf(within))
  }
  const named = draft.map(stepOf).filter(step => step !== undefined)
  const minutes = Math.round(window.number * window.unit)
  const is_ready = named.length > 0 && minutes >= 1 && minutes <= MOST_WINDOW_MINUTES
  const is_new = JSON.stringify([named, minutes]) !== asked
  const change = (key: number, to: Partial<FunnelStep>) =>
    setDraft(draft.map(step => (step.key === key ? { ...step, ...to } : step)))
  return (
    <form
      className="funnel-editor"
      aria-label="Steps"
      onSubmit={event => {
        event.preventDefault()
        if (is_ready) ask({ steps: stepsText(named), within: minutes, people: undefined })
      }}
    >
      <ol>
        {draft.map((step, place) => (
          <StepFields
            key={step.key}
            step={step}
            place={place}
            names={names?.data.map(name => name.event) ?? []}
            change={to => change(step.key, to)}
            move={by => setDraft(moved(draft, place, by))}
            is_last={place === draft.length - 1}
            remove={draft.length > 1 ? () => setDraft(draft.filter(one => one.key !== step.key)) : undefined}
          />
        ))}
      </ol>
      <div className="funnel-editor-end">
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} stroke={1.7} />}
          disabled={draft.length >= MOST_STEPS}
          onClick={() => setDraft([...draft, { event: '', key: nextKey(draft) }])}
        >
          Add a step
        </Button>
        <span className="funnel-window">
          <span aria-hidden>within</span>
          <NumberInput
            aria-label="Within"
            w={84}
            min={1}
            max={Math.floor(MOST_WINDOW_MINUTES / window.unit)}
            allowDecimal={false}
            value={window.number || ''}
            onChange={number => setWindow({ ...window, number: Number(number) })}
          />
          <Select
            aria-label="Unit"
            w={108}
            allowDeselect={false}
            data={UNITS}
            value={String(window.unit)}
            onChange={unit => setWindow({ ...window, unit: Number(unit) })}
          />
          <span>of the first step</span>
        </span>
        <Button type="submit" disabled={!is_ready} variant={is_new ? 'filled' : 'default'}>
          Show the funnel
        </Button>
      </div>
      {minutes > MOST_WINDOW_MINUTES && <p className="funnel-wrong">At most 90 days.</p>}
    </form>
  )
}

function draftOf(steps: FunnelStep[] | undefined): DraftStep[] {
  return (steps ?? [{ event: '' }, { event: '' }]).map((step, key) => ({ ...step, key }))
}

function windowOf(minutes: number) {
  const unit = unitOf(minutes)
  return { number: minutes / unit, unit }
}

/** As it is asked: without what has no name yet. */
function stepOf({ event, conditions = [] }: DraftStep): FunnelStep | undefined {
  const name = event.trim()
  if (!name) return undefined
  const named = conditions.filter(({ property, operator, value }) => property && (operator === 'is_set' || value !== ''))
  return { event: name, ...(named.length > 0 && { conditions: named }) }
}

const nextKey = (draft: DraftStep[]) => Math.max(...draft.map(step => step.key)) + 1

function moved(draft: DraftStep[], place: number, by: number) {
  const next = draft.toSpliced(place, 1)
  next.splice(place + by, 0, draft[place]!)
  return next
}
