import { NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type AppointmentType, type AppointmentTypeUpdate, PLACES, type Place } from '../../../../shared/appointments.ts'
import { deleteAppointmentType, updateAppointmentType } from '../../../api/appointments.ts'
import { pools } from '../../../api/pools.ts'
import { useDeletion, useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import { FormRows, RemoveRow } from '../../../ui/FormRows.tsx'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { useDraft } from '../../../ui/useDraft.ts'
import { PLACE_WORDS } from '../words.ts'
import { Minutes, WholeNumber } from './WholeNumber.tsx'

const PLACE_CHOICES = PLACES.map(value => ({ value, label: PLACE_WORDS[value].label }))
const CONFIRMATIONS = [
  { value: 'automatic', label: 'Booked at once' },
  { value: 'by_hand', label: 'Somebody confirms it' },
]
const RECIPIENTS = [
  { value: 'customer', label: 'to the customer' },
  { value: 'staff', label: 'to whoever has it' },
]

/** What an appointment of a type is like, and its booking page. */
export function TypeForm({ type, may_change }: { type: AppointmentType; may_change: boolean }) {
  const { data } = useQuery(pools(useWorkspaceId()))
  const { draft, set, dirty, adopt, discard } = useDraft(valuesOf(type))
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: AppointmentTypeUpdate) => updateAppointmentType(workspace_id, type.key, change),
    'Type saved',
  )
  const remove = useDeletion(
    workspace_id => deleteAppointmentType(workspace_id, type.key),
    type.name,
    'Appointments of this type stay as they are.',
  )
  const url = draft.address ? `${window.location.origin}/book/${draft.address}` : null
  const save = () => {
    const { updated_at, ...values } = draft
    mutate({ ...values, if_updated_at: updated_at }, { onSuccess: saved => adopt(valuesOf(saved)) })
  }
  return (
    <form
      className="setting-form"
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      <fieldset disabled={!may_change}>
        <div className="hours-fields">
          <TextInput
            label="Name"
            required
            withAsterisk={false}
            maxLength={200}
            value={draft.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <Minutes
            label="Takes"
            value={draft.duration_minutes}
            min={5}
            onChange={duration_minutes => set({ duration_minutes })}
          />
          <Select
            label="Where"
            allowDeselect={false}
            data={PLACE_CHOICES}
            value={draft.place}
            onChange={place => place && set({ place: place as Place })}
          />
          <TextInput
            label={PLACE_WORDS[draft.place].asks}
            maxLength={2000}
            value={draft.location ?? ''}
            onChange={({ currentTarget }) => set({ location: currentTarget.value || null })}
          />
          <Minutes label="Free before it" value={draft.before_minutes} onChange={before_minutes => set({ before_minutes })} />
          <Minutes label="Free after it" value={draft.after_minutes} onChange={after_minutes => set({ after_minutes })} />
        </div>
        <h3 className="hours-part">Booking page</h3>
        <p className="muted hours-about">
          Customers choose a free time of the people in the pool, which says who of them gets it; without one, of everybody who
          has hours.
        </p>
        <div className="hours-fields">
          <Select
            label="Whose time"
            placeholder="Everybody’s"
            clearable
            data={(data?.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            value={draft.pool_id === null ? null : String(draft.pool_id)}
            onChange={id => set({ pool_id: id === null ? null : Number(id) })}
          />
          <TextInput
            label="Address"
            leftSection={<span className="muted">/book/</span>}
            leftSectionWidth={58}
            placeholder="roof-inspection"
            maxLength={100}
            value={draft.address ?? ''}
            onChange={({ currentTarget }) => set({ address: currentTarget.value.trim().toLowerCase() || null })}
          />
          <Minutes
            label="Times begin every"
            value={draft.interval_minutes}
            min={5}
            onChange={interval_minutes => set({ interval_minutes })}
          />
          <Minutes
            label="Booked at least so long before"
            value={draft.notice_minutes}
            max={525_600}
            onChange={notice_minutes => set({ notice_minutes })}
          />
          <WholeNumber
            label="Booked at most so far ahead"
            suffix=" days"
            min={1}
            max={366}
            value={draft.horizon_days}
            onChange={horizon_days => set({ horizon_days })}
          />
          <Select
            label="What a customer books is"
            allowDeselect={false}
            data={CONFIRMATIONS}
            value={draft.confirmation}
            onChange={value => value && set({ confirmation: value as AppointmentType['confirmation'] })}
          />
        </div>
        <Textarea
          mt="sm"
          label="What customers read about it"
          autosize
          minRows={2}
          maxLength={5000}
          value={draft.description ?? ''}
          onChange={({ currentTarget }) => set({ description: currentTarget.value || null })}
        />
        <Switch
          mt="md"
          label="Customers can book it"
          description={url ? undefined : 'It needs an address.'}
          checked={draft.is_public}
          onChange={({ currentTarget }) => set({ is_public: currentTarget.checked })}
        />
        {url && type.is_public && type.address === draft.address && (
          <p className="hours-none">
            <CopyText label="booking page" text={url} />
          </p>
        )}
        <h3 className="hours-part">Reminders and no-shows</h3>
        <FormRows
          title="Reminders by e-mail"
          unseen
          add="Add a reminder"
          most={10}
          onAdd={() => set({ reminders: [...draft.reminders, { before_minutes: 60, to: 'customer' }] })}
          rows={draft.reminders.map((reminder, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a reminder has no name but its place
            <li key={index} className="form-row reminder-row">
              <Minutes
                aria-label={`Reminder ${index + 1}: how long before`}
                suffix=" min before"
                max={43_200}
                value={reminder.before_minutes}
                onChange={before_minutes =>
                  set({
                    reminders: draft.reminders.map((one, at) => (at === index ? { ...one, before_minutes } : one)),
                  })
                }
              />
              <Select
                aria-label={`Reminder ${index + 1}: to whom`}
                allowDeselect={false}
                data={RECIPIENTS}
                value={reminder.to}
                onChange={to =>
                  to &&
                  set({
                    reminders: draft.reminders.map((one, at) =>
                      at === index ? { ...one, to: to as 'customer' | 'staff' } : one,
                    ),
                  })
                }
              />
              <RemoveRow
                label={`Remove reminder ${index + 1}`}
                onClick={() => set({ reminders: draft.reminders.filter((_, at) => at !== index) })}
              />
            </li>
          ))}
        />
        <NumberInput
          mt="sm"
          className="hours-narrow"
          label="A no-show by itself after"
          description="So long after its end without an outcome; empty: only by hand."
          suffix=" min"
          min={0}
          max={10_080}
          allowDecimal={false}
          value={draft.grace_minutes ?? ''}
          onChange={minutes => set({ grace_minutes: minutes === '' ? null : Number(minutes) })}
        />
        {may_change && <SaveBar dirty={dirty} saving={isPending} error={error} discard={discard} reset={reset} remove={remove} />}
      </fieldset>
    </form>
  )
}

function valuesOf({ key: _, created_at: __, position: ___, hold_minutes: ____, ...values }: AppointmentType) {
  return values
}
