import { ActionIcon, Autocomplete, Button, Select, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { CONDITION_OPERATORS, type FunnelCondition, type FunnelStep } from '../../../../shared/funnel-report.ts'
import { OPERATORS } from './words.ts'

type Props = {
  step: FunnelStep
  place: number
  names: string[]
  change: (to: Partial<FunnelStep>) => void
  move: (by: 1 | -1) => void
  is_last: boolean
  remove: (() => void) | undefined
}

const OPERATOR_CHOICES = CONDITION_OPERATORS.map(value => ({ value, label: OPERATORS[value] }))
const MOST_CONDITIONS = 10

/** One step: an event, and what must be so about it. */
export function StepFields({ step, place, names, change, move, is_last, remove }: Props) {
  const { conditions = [] } = step
  const number = place + 1
  const setCondition = (which: number, to: Partial<FunnelCondition>) =>
    change({ conditions: conditions.map((one, k) => (k === which ? { ...one, ...to } : one)) })
  return (
    <li className="funnel-step" aria-label={`Step ${number}`}>
      <span className="funnel-step-number" aria-hidden>
        {number}
      </span>
      <Autocomplete
        className="funnel-step-event"
        aria-label={`Event of step ${number}`}
        placeholder={place === 0 ? 'Event that begins it' : 'Event that comes after'}
        data={names}
        limit={50}
        maxLength={200}
        value={step.event}
        onChange={event => change({ event })}
      />
      <span className="funnel-step-tools">
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          disabled={conditions.length >= MOST_CONDITIONS}
          onClick={() => change({ conditions: [...conditions, { property: '', operator: 'equals', value: '' }] })}
        >
          Where
        </Button>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Step ${number} earlier`}
          disabled={place === 0}
          onClick={() => move(-1)}
        >
          <IconArrowUp size={15} stroke={1.7} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={`Step ${number} later`} disabled={is_last} onClick={() => move(1)}>
          <IconArrowDown size={15} stroke={1.7} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove step ${number}`} disabled={!remove} onClick={remove}>
          <IconX size={15} stroke={1.7} />
        </ActionIcon>
      </span>
      {conditions.map(({ property, operator, value }, k) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no other name than its place
        <fieldset className="funnel-condition" key={k} aria-label={`Condition ${k + 1} of step ${number}`}>
          <TextInput
            aria-label="Property"
            placeholder="Property"
            maxLength={200}
            value={property}
            onChange={({ currentTarget: { value: property } }) => setCondition(k, { property })}
          />
          <Select
            aria-label="How it is compared"
            w={112}
            allowDeselect={false}
            data={OPERATOR_CHOICES}
            value={operator}
            onChange={chosen => setCondition(k, { operator: chosen as FunnelCondition['operator'] })}
          />
          {operator !== 'is_set' && (
            <TextInput
              aria-label="Value"
              placeholder="Value"
              maxLength={1000}
              value={String(value ?? '')}
              onChange={({ currentTarget: { value } }) => setCondition(k, { value })}
            />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove condition ${k + 1} of step ${number}`}
            onClick={() => change({ conditions: conditions.toSpliced(k, 1) })}
          >
            <IconX size={14} stroke={1.7} />
          </ActionIcon>
        </fieldset>
      ))}
    </li>
  )
}
