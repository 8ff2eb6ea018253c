import { Modal, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tags } from '../../api/tags.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'

type Props = { way: 'tag' | 'untag' | undefined; whom: string; onClose: () => void; confirm: (names: string[]) => void }

/** Which tags, put on or taken off. */
export function TagMany({ way, whom, onClose, confirm }: Props) {
  return (
    <Modal
      opened={way !== undefined}
      onClose={onClose}
      title={`${way === 'untag' ? 'Take tags off' : 'Tag'} ${whom[0]?.toLowerCase()}${whom.slice(1)}`}
    >
      {way && <Names way={way} onClose={onClose} confirm={confirm} />}
    </Modal>
  )
}

function Names({ way, onClose, confirm }: Omit<Props, 'whom'> & { way: 'tag' | 'untag' }) {
  const { data } = useQuery(tags(useWorkspaceId()))
  const [names, choose] = useState<string[]>([])
  const [typed, type] = useState('')
  const all = typed.trim() ? [...names, typed.trim()] : names
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        confirm(all)
        onClose()
      }}
    >
      <TagsInput
        label="Tags"
        description={way === 'tag' ? 'A word that is not known yet makes a tag.' : 'Who does not have them stays as they are.'}
        data-autofocus
        data={data?.data.map(({ name }) => name) ?? []}
        value={names}
        onChange={choose}
        searchValue={typed}
        onSearchChange={type}
        maxTags={20}
      />
      <DialogEnd
        submit={way === 'tag' ? 'Tag' : 'Take off'}
        disabled={all.length === 0}
        saving={false}
        error={null}
        cancel={onClose}
      />
    </form>
  )
}
