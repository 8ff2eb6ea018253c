import { Button, Group, Modal, NumberInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { ApiError } from '../../../api/request.ts'
import { createSecret } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { absolute } from '../../../ui/times.ts'
import { SecretShown } from '../SecretShown.tsx'

type Props = { endpoint: Endpoint; opened: boolean; onClose: () => void }
type Values = { overlap_hours: number | string; secret: string }

const HOUR = 3_600_000

export function RotateDialog({ endpoint, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const form = useForm<Values>({ initialValues: { overlap_hours: 24, secret: '' } })
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: ({ overlap_hours, secret }: Values) =>
      createSecret(workspace_id, endpoint.id, {
        overlap_hours: Number(overlap_hours),
        ...(secret.trim() && { secret: secret.trim() }),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [workspace_id, '/endpoint', endpoint.id] }),
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const close = () => {
    form.reset()
    reset()
    onClose()
  }
  const hours = Number(form.values.overlap_hours)
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={640}
      title={data ? `The new secret of ${endpoint.name}` : `A new secret for ${endpoint.name}`}
      closeOnClickOutside={!data}
    >
      {data ? (
        <>
          <SecretShown secret={data.secret} />
          <Group justify="flex-end" mt="lg">
            <Button onClick={close}>I have copied it</Button>
          </Group>
        </>
      ) : (
        <form onSubmit={form.onSubmit(values => mutate(values))}>
          <NumberInput
            data-autofocus
            label="The earlier secrets sign for another"
            suffix={hours === 1 ? ' hour' : ' hours'}
            min={0}
            max={168}
            allowDecimal={false}
            {...form.getInputProps('overlap_hours')}
          />
          <Text size="sm" c="dimmed" mt={6} aria-live="polite">
            {hours > 0
              ? `Give the new one to your receiver before ${absolute(new Date(Date.now() + hours * HOUR).toISOString())}: until then both are good.`
              : 'They stop at once: requests fail the check until your receiver has the new one.'}
          </Text>
          <TextInput
            mt="md"
            label="A secret that you have already"
            description="whsec_ and 24 to 64 bytes in base64. Left empty, one is made."
            placeholder="whsec_…"
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('secret')}
          />
          {error && (
            <Text c="red" size="sm" mt="sm" role="alert">
              {error.message}
            </Text>
          )}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              Make the new secret
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  )
}
