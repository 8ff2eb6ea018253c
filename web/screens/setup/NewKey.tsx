import { Checkbox, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Key, KeyCreate } from '../../../shared/workspaces.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { createKey } from '../../api/workspaces.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { KeyLimits, type Limits, NO_LIMITS, readLimits } from './KeyLimits.tsx'
import { KeyText } from './KeyText.tsx'

type Scope = NonNullable<KeyCreate['scopes']>[number]
type Values = Limits & { kind: Key['kind']; name: string; scopes: Scope[] }

const SCOPES: { value: Scope; label: string; description: string }[] = [
  { value: 'read', label: 'Read', description: 'Contacts, visitors, events, activities' },
  { value: 'update', label: 'Update', description: 'Make and change contacts, merge, undo' },
  { value: 'convert', label: 'Convert', description: 'Only say what was sold' },
  { value: 'ingest', label: 'Send', description: 'Events and leads' },
  { value: 'admin', label: 'Administer', description: 'Keys, settings, links by force' },
]

export function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const form = useForm<Values>({ initialValues: { ...NO_LIMITS, kind: 'write', name: '', scopes: ['read'] } })
  const { mutate, data, isPending, error, reset } = useMutation({
    mutationFn: ({ kind, name, scopes, ...limits }: Values) =>
      createKey(workspace_id, { kind, name: name.trim(), ...(kind === 'secret' && { scopes }), ...readLimits(limits) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [workspace_id, '/keys'] }),
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const close = () => {
    form.reset()
    reset()
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title={data ? `The key ${data.name}` : 'New key'} closeOnClickOutside={!data}>
      {data ? (
        <KeyText text={data.key} secret={data.kind === 'secret'} close={close} />
      ) : (
        <form onSubmit={form.onSubmit(values => mutate(values))}>
          <Stack gap="md">
            <SegmentedControl
              fullWidth
              aria-label="Kind of key"
              data={[
                { value: 'write', label: 'Write: sends events' },
                { value: 'secret', label: 'Secret: reads and changes' },
              ]}
              {...form.getInputProps('kind')}
            />
            <TextInput data-autofocus required label="Name" placeholder="Where it is used" {...form.getInputProps('name')} />
            {form.values.kind === 'secret' && (
              <Scopes value={form.values.scopes} onChange={scopes => form.setFieldValue('scopes', scopes)} />
            )}
            <KeyLimits kind={form.values.kind} values={form.values} errors={form.errors} set={form.setValues} />
          </Stack>
          <DialogEnd submit="Make the key" disabled={!form.values.name.trim()} saving={isPending} error={error} cancel={close} />
        </form>
      )}
    </Modal>
  )
}

function Scopes({ value, onChange }: { value: Scope[]; onChange: (value: Scope[]) => void }) {
  return (
    <Checkbox.Group label="It may" value={value} onChange={value => onChange(value as Scope[])}>
      <Stack gap="xs" mt={6}>
        {SCOPES.map(scope => (
          <Checkbox key={scope.value} {...scope} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
