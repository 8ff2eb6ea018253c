import { Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSetting } from '../../api/useSetting.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import type { Named } from './NamedItems.tsx'

type Given = Pick<Named, 'name' | 'is_shared'>
type Props<T extends Named> = {
  /** The one that is renamed; a new one is made without. */
  named: T | undefined
  example: string
  longest: number
  may_share: boolean
  /** Said when it is done. */
  saved: string
  save: (workspace_id: number, given: Given) => Promise<T>
  close: () => void
  /** Of a new one. */
  done: (made: T) => void
}

/** A name for what is on screen, and who sees it. */
export function NamedForm<T extends Named>({ named, example, longest, may_share, saved, save, close, done }: Props<T>) {
  const [name, setName] = useState(named?.name ?? '')
  const [is_shared, share] = useState(named?.is_shared ?? false)
  const { mutate, isPending, error } = useSetting(save, saved)
  const onSuccess = (made: T) => {
    close()
    if (!named) done(made)
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim(), is_shared }, { onSuccess })
      }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label="Name"
          placeholder={example}
          maxLength={longest}
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
