import { Button, Group, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconArrowLeft } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { createIntakeWebhook, intakeFormats } from '../../../api/intake.ts'
import { ApiError } from '../../../api/request.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { useLeadTypes } from '../../leads/useStages.ts'
import '../webhook/webhook.css'

const route = getRouteApi('/w/$workspaceId/intake/new')

type Values = { name: string; lead_type: string | null; format: IntakeWebhook['format'] }

/** A name and a type are enough; everything else has a setting that can wait. */
export function NewWebhookScreen() {
  const params = route.useParams()
  const workspace_id = Number(params.workspaceId)
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const types = useLeadTypes()
  const { data: formats } = useQuery(intakeFormats(workspace_id))
  const form = useForm<Values>({ initialValues: { name: '', lead_type: null, format: 'auto' } })
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ name, lead_type, format }: Values) =>
      createIntakeWebhook(workspace_id, { name: name.trim(), lead_type: lead_type!, format }),
    onSuccess: async ({ id, name }) => {
      notifications.show({ message: `${name} was added` })
      await queries.invalidateQueries({ queryKey: [workspace_id, '/intake-webhooks'] })
      const to = { workspaceId: params.workspaceId, webhookId: String(id) }
      await navigate({ to: '/w/$workspaceId/intake/$webhookId', params: to, search: { tab: 'setup' }, replace: true })
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  useTitle('Add webhook')
  const { name, lead_type } = form.values
  return (
    <div className="intake-page">
      <Link to="/w/$workspaceId/intake" params={params} className="back-link">
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Lead intake
      </Link>
      <h1>Add webhook</h1>
      <form className="intake-new" onSubmit={form.onSubmit(values => mutate(values))} noValidate>
        <TextInput
          label="Name"
          description="Where these leads come from, as your people call it."
          placeholder="Google Ads, spring campaign"
          autoFocus
          {...form.getInputProps('name')}
        />
        <Select
          label="Lead type"
          description="What they want. It decides which further fields a lead has."
          placeholder="Choose one"
          searchable
          data={types.map(({ key, name }) => ({ value: key, label: name }))}
          {...form.getInputProps('lead_type')}
        />
        <Select
          label="Sent by"
          description="Each sender's format is recognised by itself; choose one and no other is taken."
          allowDeselect={false}
          data={[
            { value: 'auto', label: 'Anybody: recognise the format' },
            ...(formats?.data ?? []).map(({ name, title }) => ({ value: name, label: title })),
          ]}
          {...form.getInputProps('format')}
        />
        {error && !(error instanceof ApiError && Object.keys(error.fields).length) && (
          <p className="intake-refused" role="alert">
            {error.message}
          </p>
        )}
        <Group gap="sm">
          <Button type="submit" loading={isPending} disabled={!name.trim() || !lead_type}>
            Add webhook
          </Button>
          <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/intake" params={params} {...props} />}>
            Cancel
          </Button>
        </Group>
      </form>
    </div>
  )
}
