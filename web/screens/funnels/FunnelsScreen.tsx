import { Button, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilter, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FunnelCreate } from '../../../shared/funnels.ts'
import { createFunnel, funnels } from '../../api/funnels.ts'
import { useMay } from '../../api/may.ts'
import { useSetting } from '../../api/useSetting.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import '../../ui/settings-page.css'
import { FunnelPart } from './FunnelPart.tsx'
import './funnels.css'

/** Which pages and videos belong together, so that a visit of a page is a step. */
export function FunnelsScreen() {
  const { data, error, refetch } = useQuery(funnels(useWorkspaceId()))
  const may_change = useMay('admin')
  const [adding, add] = useDisclosure()
  const button = may_change && (
    <Button leftSection={<IconPlus size={15} />} onClick={add.open}>
      Add a funnel
    </Button>
  )
  return (
    <div className="settings-page">
      <PageHead title="Funnels">{data && data.data.length > 0 && button}</PageHead>
      <div className="settings-page-body">
        {error && !data && <Failure error={error} retry={() => void refetch()} title="The funnels could not be loaded" />}
        {!data && !error && <SkeletonLines lines={8} padding="20px 0" />}
        {data?.data.length === 0 && (
          <Empty icon={IconFilter} title="No funnel yet" actions={button}>
            A funnel is a way that people go: register, watch, look at the offer. Say which pages it has, and whoever visits one
            takes that step: their stage, their timeline and your webhooks know of it.
          </Empty>
        )}
        {data?.data.map(funnel => (
          <FunnelPart key={funnel.id} funnel={funnel} may_change={may_change} />
        ))}
      </div>
      <Modal opened={adding} onClose={add.close} title="New funnel">
        <NewFunnel done={add.close} />
      </Modal>
    </div>
  )
}

function NewFunnel({ done }: { done: () => void }) {
  const [name, setName] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: FunnelCreate) => createFunnel(workspace_id, given),
    'Funnel added: say which pages it has',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim() }, { onSuccess: done })
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        placeholder="Bread school"
        maxLength={200}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <DialogEnd submit="Add funnel" disabled={!name.trim()} saving={isPending} error={error} cancel={done} />
    </form>
  )
}
