import { Alert, Button, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Booking, BookingCreate, BookingHold } from '../../../shared/booking.ts'
import { book } from '../../api/booking.ts'
import { ApiError } from '../../api/request.ts'

type Props = {
  address: string
  hold: BookingHold
  time_zone: string
  done: (booking: Booking) => void
  taken: (error: ApiError) => void
  back: () => void
}

/** Who comes. `website` is a trap: people do not see it, programs fill it in. */
export function CustomerForm({ address, hold, time_zone, done, taken, back }: Props) {
  const form = useForm({
    initialValues: { first_name: '', last_name: '', email: '', phone: '', customer_notes: '', website: '' },
  })
  const { mutate, isPending, error } = useMutation({
    mutationFn: (values: Omit<BookingCreate, 'time_zone'>) => book(address, { ...values, time_zone, ...trackedAs() }),
    onSuccess: done,
    onError: error => {
      if (!(error instanceof ApiError)) return
      if (error.code === 'slot_taken') taken(error)
      else form.setErrors(error.fields)
    },
  })
  // What was refused and has no field here is said below them.
  const said_at_fields =
    error instanceof ApiError &&
    Object.keys(error.fields).length > 0 &&
    Object.keys(error.fields).every(field => field !== 'website' && field in form.values)
  const send = form.onSubmit(({ last_name, phone, customer_notes, website, ...values }) =>
    mutate({
      ...values,
      last_name: last_name.trim() || null,
      phone: phone.trim() || null,
      customer_notes: customer_notes.trim() || null,
      ...(website && { website }),
      hold_token: hold.hold_token,
      starts_at: hold.starts_at,
    }),
  )
  return (
    <form className="booking-form" onSubmit={send}>
      <div className="booking-pair">
        <TextInput
          label="First name"
          required
          data-autofocus
          autoFocus
          autoComplete="given-name"
          maxLength={200}
          {...form.getInputProps('first_name')}
        />
        <TextInput label="Last name" autoComplete="family-name" maxLength={200} {...form.getInputProps('last_name')} />
      </div>
      <TextInput label="E-mail" type="email" required autoComplete="email" maxLength={320} {...form.getInputProps('email')} />
      <TextInput label="Phone" type="tel" autoComplete="tel" maxLength={50} {...form.getInputProps('phone')} />
      <Textarea
        label="What should we know before?"
        autosize
        minRows={2}
        maxLength={5000}
        {...form.getInputProps('customer_notes')}
      />
      <div className="booking-trap" aria-hidden>
        <input tabIndex={-1} autoComplete="off" name="website" {...form.getInputProps('website')} />
      </div>
      {error && !said_at_fields && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <div className="booking-actions">
        <Button type="submit" size="md" loading={isPending}>
          Book
        </Button>
        <Button variant="default" size="md" onClick={back}>
          Another time
        </Button>
      </div>
    </form>
  )
}

/** The id under which the tracker knows this browser, where it shares it with the hosts of one domain. */
function trackedAs(): { distinct_id?: string } {
  const found = /(?:^|; )tl_id=([^;]+)/.exec(document.cookie)
  return found ? { distinct_id: decodeURIComponent(found[1]!).slice(0, 255) } : {}
}
