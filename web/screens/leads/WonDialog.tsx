import { Button, Group, Modal } from '@mantine/core'
import type { Lead, LeadConversion } from '../../../shared/leads.ts'
import type { Stage } from '../../../shared/pipelines.ts'
import { SaleFields } from '../conversions/SaleFields.tsx'
import { useSale } from '../conversions/useSale.ts'

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
  const sale = useSale(lead.revenue_potential, true)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        confirm(sale.conversion)
      }}
    >
      <SaleFields sale={sale} autofocus />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={sale.incomplete}>
          Set to {stage.name}
        </Button>
      </Group>
    </form>
  )
}
