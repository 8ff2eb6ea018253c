import { Autocomplete, Button, Group, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Stage } from '../../../shared/pipelines.ts'
import { lostReasons } from '../../api/leads.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { count } from '../../ui/numbers.ts'

type Props = {
  /** Open as long as there is one. */
  stage: Stage | undefined
  leads?: number
  confirm: (lost_reason: string | null) => void
  onClose: () => void
}

/** Asks why, before a lead is lost: the reasons that were given most often are offered. */
export function LostDialog({ stage, leads = 1, confirm, onClose }: Props) {
  return (
    <Modal opened={stage !== undefined} onClose={onClose} title={leads > 1 ? `Lose ${count(leads, 'lead')}` : 'Lost, and why?'}>
      {stage && <Reason stage={stage} confirm={confirm} onClose={onClose} />}
    </Modal>
  )
}

function Reason({ stage, confirm, onClose }: Pick<Props, 'confirm' | 'onClose'> & { stage: Stage }) {
  const { data } = useQuery(lostReasons(useWorkspaceId()))
  const [reason, setReason] = useState('')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        confirm(reason.trim() || null)
      }}
    >
      <Autocomplete
        data-autofocus
        label="Reason"
        placeholder="Too expensive, not reached, …"
        maxLength={500}
        data={data?.data.map(({ reason }) => reason) ?? []}
        value={reason}
        onChange={setReason}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={!reason.trim()}>
          Set to {stage.name}
        </Button>
      </Group>
    </form>
  )
}
