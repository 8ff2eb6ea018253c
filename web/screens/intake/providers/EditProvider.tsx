import { Alert, Button, Group, NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Provider } from '../../../../shared/intake.ts'
import { provider as providerQuery, updateProvider } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import { ApiError } from '../../../api/request.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Section } from '../../../ui/Section.tsx'
import { AllowedWebhooks } from './AllowedWebhooks.tsx'

const valuesOf = ({ provider_name, contact_name, contact_email, contact_phone, allowed_webhooks, rate_limit }: Provider) => ({
  provider_name,
  contact_name: contact_name ?? '',
  contact_email: contact_email ?? '',
  contact_phone: contact_phone ?? '',
  allowed_webhooks: (allowed_webhooks ?? []).map(String),
  rate_limit: (rate_limit ?? '') as number | string,
})
type Values = ReturnType<typeof valuesOf>

/** Sends when it was read: nobody overwrites what somebody else just wrote. */
export function EditProvider({ provider }: { provider: Provider }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const may_change = useMay('admin')
  const [read_at, setReadAt] = useState(provider.updated_at)
  const form = useForm<Values>({ initialValues: valuesOf(provider) })
  // Turned off, or given a new key, by another part of this page.
  if (read_at !== provider.updated_at && !form.isDirty()) setReadAt(provider.updated_at)
  const { queryKey } = providerQuery(workspace_id, provider.provider_id)
  const take = (newest: Provider) => {
    queries.setQueryData(queryKey, newest)
    setReadAt(newest.updated_at)
    form.setInitialValues(valuesOf(newest))
    form.setValues(valuesOf(newest))
  }
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (values: Values) =>
      updateProvider(workspace_id, provider.provider_id, { ...bodyOf(values), if_updated_at: read_at }),
    onSuccess: saved => {
      take(saved)
      notifications.show({ message: 'Saved' })
      void queries.invalidateQueries({ queryKey: [workspace_id, '/providers'] })
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const is_conflict = error instanceof ApiError && error.code === 'conflict'
  const loadAgain = async () => {
    take(await queries.fetchQuery({ ...providerQuery(workspace_id, provider.provider_id), staleTime: 0 }))
    reset()
  }
  return (
    <Section title="Settings">
      <form onSubmit={form.onSubmit(values => mutate(values))} noValidate>
        <fieldset className="provider-fields" disabled={!may_change}>
          <TextInput label="Name" {...form.getInputProps('provider_name')} />
          <TextInput label="Whom to ask" {...form.getInputProps('contact_name')} />
          <TextInput label="E-mail" type="email" {...form.getInputProps('contact_email')} />
          <TextInput label="Phone" type="tel" {...form.getInputProps('contact_phone')} />
          <AllowedWebhooks {...form.getInputProps('allowed_webhooks')} />
          <NumberInput
            label="At most an hour"
            placeholder="no limit"
            thousandSeparator=","
            allowDecimal={false}
            allowNegative={false}
            hideControls
            {...form.getInputProps('rate_limit')}
          />
        </fieldset>
        {error && (
          <Alert color={is_conflict ? 'orange' : 'red'} variant="light" role="alert" mt="md">
            {error.message}
            {is_conflict && (
              <Button variant="default" size="compact-sm" mt="xs" display="block" onClick={loadAgain}>
                Load the newest
              </Button>
            )}
          </Alert>
        )}
        {may_change && (
          <Group gap="sm" mt="lg">
            <Button type="submit" loading={isPending} disabled={!form.isDirty() || !form.values.provider_name.trim()}>
              Save changes
            </Button>
            {form.isDirty() && (
              <Button variant="default" onClick={() => form.reset()}>
                Discard
              </Button>
            )}
          </Group>
        )}
      </form>
    </Section>
  )
}

function bodyOf({ provider_name, contact_name, contact_email, contact_phone, allowed_webhooks, rate_limit }: Values) {
  return {
    provider_name: provider_name.trim(),
    contact_name: contact_name.trim() || null,
    contact_email: contact_email.trim() || null,
    contact_phone: contact_phone.trim() || null,
    allowed_webhooks: allowed_webhooks.length ? allowed_webhooks.map(Number) : null,
    rate_limit: rate_limit === '' ? null : Number(rate_limit),
  }
}
