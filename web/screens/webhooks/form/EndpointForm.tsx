import { Alert, Button, Group, NumberInput, Select, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { purposes } from '../../../api/consents.ts'
import { ApiError } from '../../../api/request.ts'
import { webhookEvents } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { FormPart } from '../../../ui/FormPart.tsx'
import { EventsField } from './EventsField.tsx'
import { FieldMapFields } from './FieldMapFields.tsx'
import { FilterFields } from './FilterFields.tsx'
import { FunnelField } from './FunnelField.tsx'
import { HeaderFields } from './HeaderFields.tsx'
import { ScheduleField } from './ScheduleField.tsx'
import { errorsOf, type Values } from './values.ts'
import './form.css'

const useEndpointForm = (initial: Values) => useForm<Values>({ initialValues: initial })
export type EndpointFormState = ReturnType<typeof useEndpointForm>

type Props = {
  initial: Values
  /** Resolves when it is saved; what it throws is shown where it belongs. */
  save: (values: Values) => Promise<unknown>
  saving: boolean
  error: Error | null
  submit: string
  cancel: ReactNode
  /** Beside what went wrong: a way out. */
  refused?: ReactNode
}

export function EndpointForm({ initial, save, saving, error, submit, cancel, refused }: Props) {
  const form = useEndpointForm(initial)
  const { data, error: missing, refetch } = useQuery(webhookEvents(useWorkspaceId()))
  const send = (values: Values) =>
    save(values).catch(error => {
      if (error instanceof ApiError) form.setErrors(errorsOf(error.fields, values))
    })
  if (missing) return <Failure error={missing} retry={() => void refetch()} title="The list of events could not be loaded" />
  if (!data) return <Skeleton height={320} mt="lg" />
  const { url, events } = form.values
  return (
    <form className="endpoint-form" onSubmit={form.onSubmit(values => void send(values))} noValidate>
      <Address form={form} />
      <Events form={form} catalogue={data.data} />
      <FormPart
        title="Only some of them"
        about="Everything that is set here must hold, or the message is not sent. Leave it empty to send all."
      >
        <FilterFields form={form} catalogue={data.data} />
      </FormPart>
      <FormPart
        title="Attempts"
        about="An answer from 200 to 299 within ten seconds is a success. Anything else is tried again, never earlier than this says, and later when the answer asks for it (Retry-After)."
      >
        <ScheduleField form={form} />
        <RateLimit form={form} />
      </FormPart>
      <FormPart
        title="Headers of your own"
        about="Sent with every request, for gateways that ask for a token. Their values are kept sealed and never shown again. Every request is signed as well."
      >
        <HeaderFields form={form} />
      </FormPart>
      <FormPart
        title="Body"
        about="What stands in a request. Receivers that expect other names than ours can have a body of their own."
      >
        <FieldMapFields form={form} catalogue={data.data} />
      </FormPart>
      <div className="form-save">
        {error && (
          <Alert color={isConflict(error) ? 'orange' : 'red'} variant="light" role="alert" mb="md">
            {error.message}
            {isConflict(error) && refused}
          </Alert>
        )}
        <Group gap="sm">
          <Button type="submit" loading={saving} disabled={!url.trim() || !events.length}>
            {submit}
          </Button>
          {cancel}
        </Group>
      </div>
    </form>
  )
}

const isConflict = (error: Error) => error instanceof ApiError && error.code === 'conflict'

function Address({ form }: { form: EndpointFormState }) {
  const open = /^http:\/\//i.test(form.values.url.trim())
  return (
    <FormPart
      title="Where it goes"
      about="An address that answers POST requests with JSON. It must be reachable from this server."
    >
      <div>
        <TextInput
          label="Address"
          type="url"
          inputMode="url"
          required
          withAsterisk={false}
          autoFocus={!form.getInitialValues().url}
          placeholder="https://example.com/webhooks"
          {...form.getInputProps('url')}
        />
        {open && (
          <p className="endpoint-form-warning" role="status">
            Without https anybody on the way can read what is sent, and change the answer.
          </p>
        )}
      </div>
      <TextInput
        label="Name"
        description="How it is called here. The host of the address, when you leave it empty."
        {...form.getInputProps('name')}
      />
    </FormPart>
  )
}

function Events({ form, catalogue }: { form: EndpointFormState; catalogue: WebhookEvent[] }) {
  const { data: asked } = useQuery(purposes(useWorkspaceId()))
  return (
    <FormPart title="What it hears" about="One request for each event. Bots are left out.">
      <EventsField
        catalogue={catalogue}
        value={form.values.events}
        error={form.errors.events}
        onChange={events => form.setFieldValue('events', events)}
      />
      <FunnelField form={form} />
      <Select
        label="Purpose"
        description="Of contacts who denied it, nothing is told."
        placeholder="no purpose"
        clearable
        data={asked?.data.map(({ name, label }) => ({ value: name, label })) ?? []}
        value={form.values.purpose || null}
        error={form.errors.purpose}
        onChange={purpose => form.setFieldValue('purpose', purpose ?? '')}
      />
    </FormPart>
  )
}

function RateLimit({ form }: { form: EndpointFormState }) {
  return (
    <NumberInput
      label="At most"
      description="Deliveries a minute; what is more waits its turn. Left empty, as fast as it answers."
      placeholder="no limit"
      suffix=" a minute"
      thousandSeparator=","
      allowDecimal={false}
      allowNegative={false}
      hideControls
      styles={{ wrapper: { maxWidth: 240 } }}
      {...form.getInputProps('rate_limit')}
    />
  )
}
