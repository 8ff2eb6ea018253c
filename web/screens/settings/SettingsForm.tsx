import { Alert, Button, Group, MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Workspace, WorkspaceUpdate } from '../../../shared/workspaces.ts'
import { ApiError } from '../../api/request.ts'
import { session } from '../../api/session.ts'
import { updateWorkspace, workspace as workspaceQuery } from '../../api/workspaces.ts'
import { FormPart } from '../../ui/FormPart.tsx'
import { countries, currencies } from '../../ui/regions.ts'
import { MatchKeys } from './MatchKeys.tsx'

type Values = Required<Omit<WorkspaceUpdate, 'if_updated_at'>>

export function SettingsForm({ workspace }: { workspace: Workspace }) {
  const queries = useQueryClient()
  const [read_at, setReadAt] = useState(workspace.updated_at)
  const form = useForm<Values>({ initialValues: valuesOf(workspace) })
  const may_change = workspace.role === 'owner' || workspace.role === 'admin' || workspace.role === null
  const { mutate, isPending, error } = useMutation({
    mutationFn: (values: Values) =>
      updateWorkspace(workspace.id, { ...values, name: values.name.trim(), if_updated_at: read_at }),
    onSuccess: saved => {
      queries.setQueryData(workspaceQuery(workspace.id).queryKey, saved)
      void queries.invalidateQueries({ queryKey: session.queryKey })
      setReadAt(saved.updated_at)
      form.setInitialValues(valuesOf(saved))
      form.reset()
      notifications.show({ message: 'Settings saved' })
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const loadAgain = async () => {
    const newest = await queries.fetchQuery({ ...workspaceQuery(workspace.id), staleTime: 0 })
    setReadAt(newest.updated_at)
    form.setInitialValues(valuesOf(newest))
    form.reset()
  }

  return (
    <form onSubmit={form.onSubmit(values => mutate(values))}>
      <fieldset disabled={!may_change}>
        {!may_change && (
          <Alert variant="light">
            Your role here is {workspace.role}: you may read the settings, an owner or admin may change them.
          </Alert>
        )}
        <FormPart title="Workspace" about="How it is called, and what numbers and days mean in its reports.">
          <TextInput label="Name" required {...form.getInputProps('name')} />
          <Zone {...form.getInputProps('time_zone')} />
          <Currency {...form.getInputProps('currency')} />
          <Country {...form.getInputProps('country')} />
        </FormPart>
        <FormPart
          title="Who is the same person"
          about="When a record names somebody, these are tried from the top. The first that is known decides; when two point at two contacts, nothing merges by itself and you find it under Review."
        >
          <MatchKeys value={form.values.match_keys} onChange={match_keys => form.setFieldValue('match_keys', match_keys)} />
        </FormPart>
        <FormPart
          title="Links in e-mails"
          about="A signed link tells you who followed it and then leads on, but only to these hosts: nobody can use your links to lead people elsewhere."
        >
          <TagsInput
            label="Allowed hosts"
            placeholder={form.values.allowed_hosts.length ? '' : 'www.example.com'}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            {...form.getInputProps('allowed_hosts')}
          />
        </FormPart>
        <FormPart
          title="Log of webhooks"
          about="Deliveries stay under Deliveries, with every attempt and its answer, and can be sent again until they are forgotten."
        >
          <NumberInput
            label="Kept for"
            description="After a delivery has ended. What waits to be sent waits no longer than that either."
            suffix={Number(form.values.webhook_log_days) === 1 ? ' day' : ' days'}
            min={1}
            max={400}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            styles={{ wrapper: { maxWidth: 200 } }}
            {...form.getInputProps('webhook_log_days')}
          />
        </FormPart>
        <FormPart
          title="Appointments of other workspaces"
          about="Workspaces of your organization that may hand appointments on to this one, by hand or by their rules. Nobody else can."
        >
          <AcceptsFrom workspace={workspace} {...form.getInputProps('accepts_from')} />
        </FormPart>
        <FormPart
          title="Sign-in"
          about="For everybody who works in this workspace. Whoever has no second step yet is asked to set it up first."
        >
          <Switch
            label="Ask for a code after the password"
            description="Of an authenticator app. Who signs in through your organization is asked there."
            {...form.getInputProps('require_totp', { type: 'checkbox' })}
          />
        </FormPart>
        {error && <Refused error={error} loadAgain={loadAgain} />}
        <Group className="form-save" gap="sm">
          <Button type="submit" loading={isPending} disabled={!form.isDirty() || !may_change}>
            Save changes
          </Button>
          {form.isDirty() && (
            <Button variant="default" onClick={() => form.reset()}>
              Discard
            </Button>
          )}
        </Group>
      </fieldset>
    </form>
  )
}

function Refused({ error, loadAgain }: { error: Error; loadAgain: () => void }) {
  const conflict = error instanceof ApiError && error.code === 'conflict'
  return (
    <Alert color={conflict ? 'orange' : 'red'} variant="light" role="alert" mb="md">
      {error.message}
      {conflict && (
        <Button variant="default" size="compact-sm" mt="xs" display="block" onClick={loadAgain}>
          Load the newest
        </Button>
      )}
    </Alert>
  )
}

type FieldProps = { value?: string; onChange?: (value: string | null) => void; error?: React.ReactNode }

function Zone(props: FieldProps) {
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone').filter(zone => zone !== 'UTC')], [])
  return (
    <Select
      label="Time zone"
      description="Where the days of its reports begin"
      data={zones}
      searchable
      allowDeselect={false}
      limit={100}
      {...props}
    />
  )
}

function Currency(props: FieldProps) {
  const all = useMemo(currencies, [])
  return (
    <Select label="Currency" description="Of amounts that name none" data={all} searchable allowDeselect={false} {...props} />
  )
}

function Country(props: FieldProps) {
  const all = useMemo(countries, [])
  return (
    <Select
      label="Country"
      description="Of phone numbers written without a country code"
      data={all}
      searchable
      allowDeselect={false}
      {...props}
    />
  )
}

type AcceptsProps = { workspace: Workspace; value?: number[]; onChange?: (ids: number[]) => void; error?: React.ReactNode }

/** Of those that whoever looks works in; others that were chosen before are shown by their number. */
function AcceptsFrom({ workspace, value = [], onChange, error }: AcceptsProps) {
  const { data } = useQuery(session)
  const own = (data?.workspaces ?? []).filter(one => one.organization === workspace.organization && one.id !== workspace.id)
  const others = value.filter(id => !own.some(one => one.id === id))
  return (
    <MultiSelect
      label="Takes appointments from"
      placeholder={value.length ? '' : 'Nobody'}
      data={[
        ...own.map(({ id, name }) => ({ value: String(id), label: name })),
        ...others.map(id => ({ value: String(id), label: `Workspace ${id}` })),
      ]}
      value={value.map(String)}
      onChange={ids => onChange?.(ids.map(Number))}
      error={error}
    />
  )
}

function valuesOf(workspace: Workspace): Values {
  const { match_keys, name, country, time_zone, currency, allowed_hosts, webhook_log_days, accepts_from, require_totp } =
    workspace
  return {
    name,
    country,
    time_zone,
    currency,
    match_keys: match_keys as Values['match_keys'],
    allowed_hosts,
    webhook_log_days,
    accepts_from,
    require_totp,
  }
}
