import { Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Key } from '../../../shared/workspaces.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { updateKey } from '../../api/workspaces.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { KeyLimits, limitsOf, readLimits } from './KeyLimits.tsx'

/** The name of a key, and its limits. What it may do stays as it was made. */
export function EditKey({ item, close }: { item: Key; close: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { name: item.name, ...limitsOf(item) } })
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ name, ...limits }: typeof form.values) => {
      const { expires_at, ...others } = readLimits(limits)
      // A time that was left as it is may be over: it is sent only when it was changed.
      return updateKey(workspace_id, item.id, {
        name: name.trim(),
        ...others,
        ...(form.isDirty('expires_at') && { expires_at }),
      })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [workspace_id, '/keys'] })
      close()
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  return (
    <Modal opened onClose={close} title={`The key ${item.name}`}>
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        <Stack gap="md">
          <TextInput data-autofocus required label="Name" {...form.getInputProps('name')} />
          <KeyLimits kind={item.kind} values={form.values} errors={form.errors} set={form.setValues} />
        </Stack>
        <DialogEnd submit="Save" disabled={!form.values.name.trim()} saving={isPending} error={error} cancel={close} />
      </form>
    </Modal>
  )
}
