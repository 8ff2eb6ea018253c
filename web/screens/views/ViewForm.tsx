import { Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { View, ViewScreen } from '../../../shared/views.ts'
import { useMay } from '../../api/may.ts'
import { useSetting } from '../../api/useSetting.ts'
import { createView, updateView } from '../../api/views.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'

type Props = {
  screen: ViewScreen
  /** The one that is renamed; a new one is made without. */
  view?: View | undefined
  state: View['state']
  close: () => void
  done: (view: View) => void
}

/** A name, and who sees it. */
export function ViewForm({ screen, view, state, close, done }: Props) {
  const [name, setName] = useState(view?.name ?? '')
  const [is_shared, share] = useState(view?.is_shared ?? false)
  const may_share = useMay('update')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: Pick<View, 'name' | 'is_shared'>) =>
      view
        ? updateView(workspace_id, view.id, { ...given, if_updated_at: view.updated_at })
        : createView(workspace_id, { screen, state, ...given }),
    'The view was saved',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate(
          { name: name.trim(), is_shared },
          {
            onSuccess: saved => {
              close()
              if (!view) done(saved)
            },
          },
        )
      }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label="Name"
          placeholder="Members in Riga"
          maxLength={100}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {may_share && (
          <Switch
            label="Everybody in the workspace sees it"
            checked={is_shared}
            onChange={({ currentTarget }) => share(currentTarget.checked)}
          />
        )}
      </Stack>
      <DialogEnd submit="Save" disabled={!name.trim()} saving={isPending} error={error} cancel={close} />
    </form>
  )
}
