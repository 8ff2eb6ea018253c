import { Autocomplete, Checkbox, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CONVERSION_TYPES } from '../../../shared/conversions.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { workspace } from '../../api/workspaces.ts'
import type { useSale } from './useSale.ts'
import './sale-fields.css'

type Props = { sale: ReturnType<typeof useSale>; autofocus?: true }

/** Asks what was sold, and whether a conversion is recorded with it. */
export function SaleFields({ sale, autofocus }: Props) {
  const { data: about } = useQuery(workspace(useWorkspaceId()))
  return (
    <div className="sale-fields">
      <NumberInput
        data-autofocus={autofocus}
        label="Value of the sale"
        suffix={` ${about?.currency ?? ''}`}
        thousandSeparator=","
        decimalScale={2}
        allowNegative={false}
        hideControls
        disabled={!sale.records}
        value={sale.value}
        onChange={sale.setValue}
      />
      <div className="sale-fields-pair">
        <Autocomplete
          label="Type of the sale"
          data={[...CONVERSION_TYPES]}
          disabled={!sale.records}
          error={sale.wrong_type && 'Small letters, digits and _'}
          value={sale.type}
          onChange={sale.setType}
        />
        <TextInput
          label="Order id"
          placeholder="optional"
          maxLength={200}
          disabled={!sale.records}
          value={sale.order}
          onChange={({ currentTarget }) => sale.setOrder(currentTarget.value)}
        />
      </div>
      <Checkbox
        label="Record a conversion"
        description="Counts for the contact and in the reports"
        checked={sale.records}
        onChange={({ currentTarget }) => sale.setRecords(currentTarget.checked)}
      />
    </div>
  )
}
