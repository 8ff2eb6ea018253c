import { NumberInput, Select, Switch } from '@mantine/core'
import type { StaffMember, StaffUpdate } from '../../../../shared/staff.ts'
import { updateStaff } from '../../../api/staff.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { useDraft } from '../../../ui/useDraft.ts'
import { useZone } from '../useTypes.ts'
import { Absences } from './Absences.tsx'
import { Calendars } from './Calendars.tsx'
import { USUAL_HOURS } from './hoursWords.ts'
import { OtherDates } from './OtherDates.tsx'
import { WeekHours } from './WeekHours.tsx'
import { Minutes } from './WholeNumber.tsx'

const ZONES = Intl.supportedValuesOf('timeZone')

/** When somebody can be booked. The week is saved as a whole; absences and calendars each at once. */
export function PersonHours({ person, may_change }: { person: StaffMember; may_change: boolean }) {
  const own = useZone()
  const { draft, set, dirty, adopt, discard } = useDraft(valuesOf(person, own))
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: StaffUpdate) => updateStaff(workspace_id, person.user_id, change),
    'Hours saved',
  )
  const save = () => {
    const { updated_at, ...values } = draft
    mutate(
      { ...values, ...(updated_at !== null && { if_updated_at: updated_at }) },
      { onSuccess: saved => adopt(valuesOf(saved, own)) },
    )
  }
  const is_new = person.time_zone === null
  return (
    <div className="setting-form">
      <form
        onSubmit={event => {
          event.preventDefault()
          save()
        }}
      >
        <fieldset disabled={!may_change}>
          {is_new && (
            <p className="muted hours-about">
              Nobody said yet when {person.name} works. These are the usual hours: change what is different, then save.
            </p>
          )}
          <div className="hours-fields">
            <Select
              label="Time zone"
              description="Hours are what a clock on the wall shows there."
              searchable
              allowDeselect={false}
              data={ZONES.includes(draft.time_zone) ? ZONES : [draft.time_zone, ...ZONES]}
              value={draft.time_zone}
              onChange={time_zone => time_zone && set({ time_zone })}
            />
            <Switch
              className="hours-switch"
              label="Can be booked"
              checked={draft.bookable}
              onChange={({ currentTarget }) => set({ bookable: currentTarget.checked })}
            />
          </div>
          <WeekHours hours={draft.hours} onChange={hours => set({ hours })} />
          <OtherDates dates={draft.dates} onChange={dates => set({ dates })} />
          <div className="hours-fields">
            <Minutes
              label="Free before an appointment"
              value={draft.before_minutes}
              onChange={before_minutes => set({ before_minutes })}
            />
            <Minutes
              label="Free after an appointment"
              value={draft.after_minutes}
              onChange={after_minutes => set({ after_minutes })}
            />
            <Minutes
              label="Booked at least so long before"
              value={draft.notice_minutes}
              max={525_600}
              onChange={notice_minutes => set({ notice_minutes })}
            />
            <NumberInput
              label="At most a day"
              placeholder="no limit"
              min={1}
              max={1000}
              allowDecimal={false}
              value={draft.daily_limit ?? ''}
              onChange={limit => set({ daily_limit: limit === '' ? null : Number(limit) })}
            />
          </div>
          {may_change && <SaveBar dirty={dirty || is_new} saving={isPending} error={error} discard={discard} reset={reset} />}
        </fieldset>
      </form>
      <Absences person={person} zone={draft.time_zone} may_change={may_change} />
      <Calendars person={person} may_change={may_change} />
    </div>
  )
}

function valuesOf(person: StaffMember, own: string) {
  const { time_zone, bookable, hours, dates, before_minutes, after_minutes, notice_minutes, daily_limit, updated_at } = person
  const is_new = time_zone === null
  return {
    time_zone: time_zone ?? own,
    bookable: is_new || bookable,
    hours: is_new ? USUAL_HOURS : hours,
    dates,
    before_minutes,
    after_minutes,
    notice_minutes,
    daily_limit,
    updated_at,
  }
}
