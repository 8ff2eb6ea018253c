import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Key, KeyCreate } from '../../../shared/workspaces.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { createKey } from '../../api/workspaces.ts'
import { CodeBlock } from '../../ui/CodeBlock.tsx'

type Scope = NonNullable<KeyCreate['scopes']>[number]
type Values = { kind: Key['kind']; name: string; scopes: Scope[] }

const SCOPES: { value: Scope; label: string; description: string }[] = [
  { value: 'read', label: 'Read', description: 'Contacts, visitors, events, activities' },
  { value: 'update', label: 'Update', description: 'Make and change contacts, merge, undo' },
  { value: 'ingest', label: 'Send', description: 'Events and leads' },
  { value: 'admin', label: 'Administer', description: 'Keys, settings, links by force' },
]

export function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const form = useForm<Values>({ initialValues: { kind: 'write', name: '', scopes: ['read'] } })
  const { mutate, data, isPending, error, reset } = useMutation({
    mutationFn: ({ kind, name, scopes }: Values) =>
      createKey(workspace_id, { kind, name: name.trim(), ...(kind === 'secret' && { scopes }) }),
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
        <Made text={data.key} secret={data.kind === 'secret'} close={close} />
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
            {error && (
              <Text c="red" size="sm" role="alert">
                {error.message}
              </Text>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={isPending} disabled={!form.values.name.trim()}>
                Make the key
              </Button>
            </Group>
          </Stack>
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

function Made({ text, secret, close }: { text: string; secret: boolean; close: () => void }) {
  return (
    <>
      <Text size="sm" mb="sm">
        {secret ? 'Copy it now: it is shown this one time and never again.' : 'It may stand in a page: it can only send events.'}
      </Text>
      <CodeBlock label="key" text={text} />
      <Group justify="flex-end" mt="lg">
        <Button onClick={close}>{secret ? 'I have copied it' : 'Done'}</Button>
      </Group>
    </>
  )
}
