import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Provider } from '../../../../shared/intake.ts'
import { createProvider } from '../../../api/intake.ts'
import { ApiError } from '../../../api/request.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { AllowedWebhooks } from './AllowedWebhooks.tsx'
import { KeyShown } from './KeyShown.tsx'

type Props = { opened: boolean; onClose: () => void; onDone: (provider: Provider) => void }

const EMPTY = {
  provider_name: '',
  contact_email: '',
  allowed_webhooks: [] as string[],
  rate_limit: '' as number | string,
}
type Values = typeof EMPTY

/** A name is enough; then its key, this one time. */
export function NewProvider({ opened, onClose, onDone }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const form = useForm<Values>({ initialValues: EMPTY })
  const { mutate, isPending, error, data, reset } = useMutation({
    mutationFn: ({ provider_name, contact_email, allowed_webhooks, rate_limit }: Values) =>
      createProvider(workspace_id, {
        provider_name: provider_name.trim(),
        contact_email: contact_email.trim() || null,
        allowed_webhooks: allowed_webhooks.length ? allowed_webhooks.map(Number) : null,
        rate_limit: rate_limit === '' ? null : Number(rate_limit),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [workspace_id, '/providers'] }),
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const close = () => {
    onClose()
    form.reset()
    reset()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={data ? `${data.provider_name} was added` : 'Add provider'}
      closeOnClickOutside={!data}
      size={data ? 'lg' : 'md'}
    >
      {data ? (
        <>
          <KeyShown provider={data} />
          <Group justify="flex-end" mt="lg">
            <Button
              onClick={() => {
                close()
                onDone(data)
              }}
            >
              I have copied it
            </Button>
          </Group>
        </>
      ) : (
        <form onSubmit={form.onSubmit(values => mutate(values))} noValidate>
          <Stack gap="md">
            <TextInput label="Name" data-autofocus placeholder="Solar Leads Ltd" {...form.getInputProps('provider_name')} />
            <TextInput
              label="E-mail"
              description="Whom to write to when something is wrong. It need not be given."
              type="email"
              {...form.getInputProps('contact_email')}
            />
            <AllowedWebhooks {...form.getInputProps('allowed_webhooks')} />
            <NumberInput
              label="At most an hour"
              description="Deliveries; what is more is answered 429 and not stored."
              placeholder="no limit"
              thousandSeparator=","
              allowDecimal={false}
              allowNegative={false}
              hideControls
              {...form.getInputProps('rate_limit')}
            />
          </Stack>
          {error && !(error instanceof ApiError && Object.keys(error.fields).length) && (
            <p className="intake-refused" role="alert">
              {error.message}
            </p>
          )}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={!form.values.provider_name.trim()}>
              Add provider
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  )
}
