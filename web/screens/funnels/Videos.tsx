import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Funnel, FunnelVideoCreate } from '../../../shared/funnels.ts'
import { addVideo, removeVideo } from '../../api/funnels.ts'
import { useSetting } from '../../api/useSetting.ts'
import { NewPart, PartList } from './PartList.tsx'

/** The videos of a funnel, by the id that the tracker says. */
export function Videos({ funnel, may_change }: { funnel: Funnel; may_change: boolean }) {
  const parts = funnel.videos.map(({ id, title, video_id }) => ({ id, name: title, about: `video_id ${video_id}` }))
  return (
    <PartList title="Videos" funnel={funnel.name} parts={parts} remove={may_change ? removeVideo : undefined}>
      {may_change && <NewVideo funnel_id={funnel.funnel_id} />}
    </PartList>
  )
}

function NewVideo({ funnel_id }: { funnel_id: string }) {
  const [video_id, setId] = useState('')
  const [title, setTitle] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: FunnelVideoCreate) => addVideo(workspace_id, given),
    'Video added',
  )
  const empty = () => {
    setId(now => (now === video_id ? '' : now))
    setTitle(now => (now === title ? '' : now))
  }
  const submit = () => {
    const name = title.trim()
    mutate({ funnel_id, video_id: video_id.trim(), ...(name && { title: name }) }, { onSuccess: empty })
  }
  return (
    <NewPart add="Add video" ready={video_id.trim() !== ''} adding={isPending} error={error} submit={submit}>
      <TextInput
        aria-label="Id of the video"
        placeholder="video_id"
        maxLength={200}
        value={video_id}
        onChange={({ currentTarget }) => setId(currentTarget.value)}
      />
      <TextInput
        aria-label="Title of the video"
        placeholder="Title"
        maxLength={200}
        value={title}
        onChange={({ currentTarget }) => setTitle(currentTarget.value)}
      />
    </NewPart>
  )
}
