import { Button, Checkbox, Group, Modal, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { LeadMatches } from '../../../shared/assignment.ts'
import type { ForwardingRule } from '../../../shared/forwarding.ts'
import { createForwardingRule, deleteForwardingRule, updateForwardingRule } from '../../api/forwarding.ts'
import { ApiError } from '../../api/request.ts'
import { endpoints } from '../../api/webhooks.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { MatchFields } from './MatchFields.tsx'
import { useChange } from './useChange.ts'

type Props = { rule: ForwardingRule | 'new' | undefined; onClose: () => void }

export function RuleDialog({ rule, onClose }: Props) {
  return (
    <Modal opened={rule !== undefined} onClose={onClose} size={640} title={rule === 'new' ? 'Add rule' : 'Rule'}>
      {rule && <RuleForm rule={rule === 'new' ? undefined : rule} done={onClose} />}
    </Modal>
  )
}

type Values = { name: string; endpoint_ids: string[]; stop: boolean; matches: LeadMatches }

function RuleForm({ rule, done }: { rule: ForwardingRule | undefined; done: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const form = useForm<Values>({
    initialValues: {
      name: rule?.name ?? '',
      endpoint_ids: rule?.endpoint_ids.map(String) ?? [],
      stop: rule?.stop ?? false,
      matches: rule?.matches ?? {},
    },
  })
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ name, endpoint_ids, stop, matches }: Values) => {
      const asked = Object.fromEntries(Object.entries(matches).filter(([, values]) => values.length))
      const body = { name: name.trim(), endpoint_ids: endpoint_ids.map(Number), stop, matches: asked }
      if (!rule) return createForwardingRule(workspace_id, body)
      return updateForwardingRule(workspace_id, rule.id, { ...body, if_updated_at: rule.updated_at })
    },
    onSuccess: async () => {
      done()
      await queries.invalidateQueries({ queryKey: [workspace_id, '/forwarding'] })
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const { name, endpoint_ids, matches } = form.values
  return (
    <form onSubmit={form.onSubmit(values => mutate(values))} noValidate>
      <Stack gap="md">
        <TextInput label="Name" data-autofocus maxLength={200} {...form.getInputProps('name')} />
        <Endpoints {...form.getInputProps('endpoint_ids')} />
        <div>
          <h3 className="forwarding-part">Which leads</h3>
          <p className="muted">Everything that is filled in must fit; empty, it is for every lead.</p>
          <MatchFields value={matches} onChange={matches => form.setFieldValue('matches', matches)} />
        </div>
        <Checkbox
          label="Stop here"
          description="A lead that fits is shown to no later rule."
          {...form.getInputProps('stop', { type: 'checkbox' })}
        />
      </Stack>
      {error && (
        <p className="forwarding-refused" role="alert">
          {error.message}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        {rule && <DeleteButton rule={rule} done={done} />}
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={!name.trim() || !endpoint_ids.length}>
          Save rule
        </Button>
      </Group>
    </form>
  )
}

function Endpoints({ value = [], ...props }: { value?: string[]; onChange?: (ids: string[]) => void }) {
  const workspace_id = useWorkspaceId()
  const { data } = useInfiniteQuery(endpoints(workspace_id))
  const known = data?.pages.flatMap(page => page.data) ?? []
  return (
    <MultiSelect
      label="To which endpoints"
      description={
        data && !known.length ? (
          <>
            There is none yet.{' '}
            <Link className="text-link" to="/w/$workspaceId/endpoints/new" params={{ workspaceId: String(workspace_id) }}>
              Add the partner's endpoint first
            </Link>
            .
          </>
        ) : (
          'The addresses of partners. They need not hear anything else.'
        )
      }
      searchable
      data={known.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={value}
      {...props}
    />
  )
}

function DeleteButton({ rule: { id, name }, done }: { rule: ForwardingRule; done: () => void }) {
  const { mutate } = useChange((workspace_id, id: number) => deleteForwardingRule(workspace_id, id))
  return (
    <Button
      variant="subtle"
      color="red"
      mr="auto"
      onClick={() => {
        done()
        modals.openConfirmModal({
          title: `Delete ${name}?`,
          children: 'New leads are no longer sent by it. What it has sent stays in the log.',
          labels: { confirm: 'Delete', cancel: 'Keep it' },
          confirmProps: { color: 'red.8' },
          onConfirm: () => mutate(id),
        })
      }}
    >
      Delete…
    </Button>
  )
}
