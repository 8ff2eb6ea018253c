import { NumberInput, Radio, Select, Stack } from '@mantine/core'
import { ATTEMPT_DELAYS } from '../../../../shared/attempt-delays.ts'
import { FormRows, RemoveRow } from '../../../ui/FormRows.tsx'
import { scheduleWords } from '../words.ts'
import type { EndpointFormState } from './EndpointForm.tsx'
import { newDelay, secondsOf, type Values } from './values.ts'

const UNITS = [
  { value: 's', label: 'seconds' },
  { value: 'min', label: 'minutes' },
  { value: 'h', label: 'hours' },
]

const CHOICES: { value: Values['attempt_schedule']; label: string; description: string }[] = [
  { value: 'default', label: 'Three attempts', description: scheduleWords([...ATTEMPT_DELAYS.default]) },
  { value: 'long', label: 'Eight attempts over a day', description: scheduleWords([...ATTEMPT_DELAYS.long]) },
  {
    value: 'custom',
    label: 'A schedule of your own',
    description: 'Up to thirteen attempts, each within a day of the one before.',
  },
]

export function ScheduleField({ form }: { form: EndpointFormState }) {
  const { attempt_schedule, delays } = form.values
  return (
    <div>
      <Radio.Group aria-label="Attempts" {...form.getInputProps('attempt_schedule')}>
        <Stack gap="sm">
          {CHOICES.map(choice => (
            <Radio key={choice.value} {...choice} />
          ))}
        </Stack>
      </Radio.Group>
      {attempt_schedule === 'custom' && (
        <div className="form-delays">
          <FormRows
            title="The delays before each attempt"
            unseen
            add="Add an attempt"
            onAdd={() => form.insertListItem('delays', newDelay())}
            most={12}
            error={form.errors.delays}
            rows={delays.map(({ key }, index) => <Delay key={key} form={form} index={index} />)}
          />
          <p className="form-delays-words" aria-live="polite">
            {scheduleWords(delays.map(secondsOf))}
          </p>
        </div>
      )}
    </div>
  )
}

function Delay({ form, index }: { form: EndpointFormState; index: number }) {
  return (
    <li className="form-row form-delay">
      <span className="muted">Attempt {index + 2} after</span>
      <NumberInput
        aria-label={`Attempt ${index + 2}: how long after the one before`}
        allowDecimal={false}
        allowNegative={false}
        min={1}
        hideControls
        {...form.getInputProps(`delays.${index}.amount`)}
      />
      <Select
        aria-label={`Attempt ${index + 2}: unit`}
        data={UNITS}
        allowDeselect={false}
        {...form.getInputProps(`delays.${index}.unit`)}
      />
      <RemoveRow label={`Remove attempt ${index + 2}`} onClick={() => form.removeListItem('delays', index)} />
    </li>
  )
}
