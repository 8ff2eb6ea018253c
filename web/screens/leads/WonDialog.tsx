import { Autocomplete, Button, Checkbox, Group, Modal, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CONVERSION_TYPES } from '../../../shared/conversions.ts'
import type { Lead, LeadConversion } from '../../../shared/leads.ts'
import type { Stage } from '../../../shared/pipelines.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { workspace } from '../../api/workspaces.ts'

type Props = {
  lead: Lead | undefined
  /** Open as long as there is one. */
  stage: Stage | undefined
  confirm: (conversion: LeadConversion | undefined) => void
  onClose: () => void
}

/** Asks what was sold, before a lead is won: the conversion is recorded with it. */
export function WonDialog({ lead, stage, confirm, onClose }: Props) {
  return (
    <Modal opened={stage !== undefined} onClose={onClose} title="Won">
      {stage && lead && <Sale lead={lead} stage={stage} confirm={confirm} onClose={onClose} />}
    </Modal>
  )
}

type SaleProps = Omit<Props, 'lead' | 'stage'> & { lead: Lead; stage: Stage }

function Sale({ lead, stage, confirm, onClose }: SaleProps) {
  const { data: about } = useQuery(workspace(useWorkspaceId()))
  const [value, setValue] = useState<number | string>(lead.revenue_potential ?? '')
  const [type, setType] = useState('sale')
  const [order_id, setOrder] = useState('')
  const [records, setRecords] = useState(true)
  const wrong_type = !/^[a-z0-9_]{1,50}$/.test(type)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const order = order_id.trim()
        confirm(records ? { type, value: Number(value), ...(order && { order_id: order }) } : undefined)
      }}
    >
      <NumberInput
        data-autofocus
        label="Value"
        suffix={` ${about?.currency ?? ''}`}
        thousandSeparator=","
        min={0}
        decimalScale={2}
        allowNegative={false}
        hideControls
        disabled={!records}
        value={value}
        onChange={setValue}
      />
      <Group grow mt="sm" align="start">
        <Autocomplete
          label="Type"
          data={[...CONVERSION_TYPES]}
          disabled={!records}
          error={wrong_type && 'Small letters, digits and _'}
          value={type}
          onChange={setType}
        />
        <TextInput
          label="Order id"
          placeholder="optional"
          maxLength={200}
          disabled={!records}
          value={order_id}
          onChange={({ currentTarget }) => setOrder(currentTarget.value)}
        />
      </Group>
      <Checkbox
        mt="md"
        label="Record a conversion"
        description="Counts for the contact and in the reports"
        checked={records}
        onChange={({ currentTarget }) => setRecords(currentTarget.checked)}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={records && (value === '' || wrong_type)}>
          Set to {stage.name}
        </Button>
      </Group>
    </form>
  )
}
