import { Button, Group, Modal, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ApiError } from '../api/request.ts'
import { session } from '../api/session.ts'
import { createWorkspace } from '../api/workspaces.ts'

export function NewWorkspace({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({ initialValues: { name: '', organization: '' } })
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ name, organization }: typeof form.values) =>
      createWorkspace({ name: name.trim(), ...(organization.trim() && { organization: organization.trim() }) }),
    onSuccess: async ({ id }) => {
      await queries.refetchQueries({ queryKey: session.queryKey })
      form.reset()
      onClose()
      await navigate({ to: '/w/$workspaceId/setup', params: { workspaceId: String(id) } })
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  return (
    <Modal opened={opened} onClose={onClose} title="New workspace">
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        <TextInput
          data-autofocus
          required
          label="Name"
          description="One for each site, brand or client: its people and keys are its own."
          {...form.getInputProps('name')}
        />
        <TextInput
          mt="md"
          label="Organization"
          description="Workspaces of one organization can hand appointments to each other. Empty: yours."
          {...form.getInputProps('organization')}
        />
        {error && (
          <Text c="red" size="sm" mt="md" role="alert">
            {error.message}
          </Text>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={!form.values.name.trim()}>
            Create workspace
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
