import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { TAG_COLORS, type Tag, type TagColor } from '../../../shared/tags.ts'
import { updateTag } from '../../api/tags.ts'
import { useSetting } from '../../api/useSetting.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'

const COLORS = [null, ...TAG_COLORS]

/** The name of a tag and its color. */
export function TagForm({ tag, done }: { tag: Tag; done: () => void }) {
  const [name, setName] = useState(tag.name)
  const [color, setColor] = useState<TagColor | null>(tag.color)
  const { mutate, isPending, error } = useSetting(
    (workspace_id, change: { name: string; color: TagColor | null }) => updateTag(workspace_id, tag.id, change),
    'Tag saved',
  )
  return (
    <form
      className="setting-form"
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim(), color }, { onSuccess: done })
      }}
    >
      <TextInput
        label="Name"
        autoFocus
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <div className="tag-colors" role="radiogroup" aria-label="Color">
        {COLORS.map(choice => (
          <label key={choice} className="tag-color" data-color={choice ?? 'plain'} title={choice ?? 'plain'}>
            <input
              type="radio"
              name="color"
              aria-label={choice ?? 'plain'}
              checked={color === choice}
              onChange={() => setColor(choice)}
            />
          </label>
        ))}
      </div>
      <DialogEnd submit="Save tag" disabled={!name.trim()} saving={isPending} error={error} cancel={done} />
    </form>
  )
}
