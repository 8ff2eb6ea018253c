import { Alert, Button, Group } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { intakeWebhook, updateIntakeWebhook } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import { ApiError } from '../../../api/request.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Filtering } from './FilterFields.tsx'
import { errorsOfFilters } from './filters.ts'
import { About, Counting, Handing, Sender, Trying } from './SettingsParts.tsx'
import { changesOf, type Values, valuesOf } from './values.ts'

const useSettingsForm = (initial: Values) => useForm<Values>({ initialValues: initial })
export type SettingsFormState = ReturnType<typeof useSettingsForm>

/** Sends when it was read: nobody overwrites what somebody else just wrote. */
export function SettingsTab({ webhook }: { webhook: IntakeWebhook }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const may_change = useMay('admin')
  const [read, setRead] = useState(webhook)
  const form = useSettingsForm(valuesOf(webhook))
  const { queryKey } = intakeWebhook(workspace_id, webhook.id)
  const take = (newest: IntakeWebhook) => {
    setRead(newest)
    const values = valuesOf(newest)
    form.setInitialValues(values)
    form.setValues(values)
    form.clearErrors()
  }
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (values: Values) =>
      updateIntakeWebhook(workspace_id, read.id, { ...changesOf(values, valuesOf(read)), if_updated_at: read.updated_at }),
    onSuccess: saved => {
      queries.setQueryData(queryKey, saved)
      take(saved)
      notifications.show({ message: 'Saved' })
      void queries.invalidateQueries({ queryKey: [workspace_id, '/intake-webhooks'] })
    },
    onError: error => error instanceof ApiError && form.setErrors(errorsOfFilters(error.fields, form.getValues().filters)),
  })
  const loadAgain = async () => {
    take(await queries.fetchQuery({ ...intakeWebhook(workspace_id, webhook.id), staleTime: 0 }))
    reset()
  }
  const is_conflict = error instanceof ApiError && error.code === 'conflict'
  return (
    <form className="intake-settings" onSubmit={form.onSubmit(values => mutate(values))} noValidate>
      <fieldset disabled={!may_change}>
        {!may_change && (
          <Alert variant="light" mt="lg">
            You may read these settings; an owner or admin may change them.
          </Alert>
        )}
        <About form={form} />
        <Sender form={form} kept={read.secrets.map(({ name }) => name)} />
        <Counting form={form} />
        <Filtering form={form} webhook_id={webhook.id} />
        <Handing form={form} />
        <Trying form={form} />
        <div className="form-save">
          {error && (
            <Alert color={is_conflict ? 'orange' : 'red'} variant="light" role="alert" mb="md">
              {error.message}
              {is_conflict && (
                <Button variant="default" size="compact-sm" mt="xs" display="block" onClick={loadAgain}>
                  Load the newest
                </Button>
              )}
            </Alert>
          )}
          <Group gap="sm">
            <Button type="submit" loading={isPending} disabled={!form.isDirty() || !form.values.name.trim()}>
              Save changes
            </Button>
            {form.isDirty() && (
              <Button variant="default" onClick={() => form.reset()}>
                Discard
              </Button>
            )}
          </Group>
        </div>
      </fieldset>
    </form>
  )
}
