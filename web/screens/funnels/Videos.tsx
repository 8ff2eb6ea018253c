import { ActionIcon, Alert, Button, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Funnel, FunnelVideoCreate } from '../../../shared/funnels.ts'
import { addVideo, removeVideo } from '../../api/funnels.ts'
import { useSetting } from '../../api/useSetting.ts'

/** The videos of a funnel, by the id that the tracker says. */
export function Videos({ funnel, may_change }: { funnel: Funnel; may_change: boolean }) {
  const remove = useSetting((workspace_id, id: number) => removeVideo(workspace_id, id), 'Video removed')
  return (
    <section className="funnel-parts">
      <h3>Videos</h3>
      {funnel.videos.length > 0 && (
        <ul className="setting-list" aria-label={`Videos of ${funnel.name}`}>
          {funnel.videos.map(video => (
            <li key={video.id} className="funnel-line">
              <span>
                <b>{video.title}</b> <span className="muted">video_id {video.video_id}</span>
              </span>
              {may_change && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${video.title}`}
                  loading={remove.isPending && remove.variables === video.id}
                  onClick={() => remove.mutate(video.id)}
                >
                  <IconX size={15} stroke={1.7} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {may_change && <NewVideo funnel_id={funnel.funnel_id} />}
    </section>
  )
}

function NewVideo({ funnel_id }: { funnel_id: string }) {
  const [video_id, setId] = useState('')
  const [title, setTitle] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: FunnelVideoCreate) => addVideo(workspace_id, given),
    'Video added',
  )
  return (
    <form
      className="funnel-new"
      onSubmit={event => {
        event.preventDefault()
        const name = title.trim()
        mutate(
          { funnel_id, video_id: video_id.trim(), ...(name && { title: name }) },
          {
            onSuccess: () => {
              setId('')
              setTitle('')
            },
          },
        )
      }}
    >
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
      <Button type="submit" variant="default" disabled={!video_id.trim()} loading={isPending}>
        Add video
      </Button>
      {error && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error.message}
        </Alert>
      )}
    </form>
  )
}
