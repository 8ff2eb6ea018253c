import { Checkbox, Modal, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Exportable } from '../../../shared/exports.ts'
import { exportPreview } from '../../api/transfers.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { count, whole } from '../../ui/numbers.ts'
import { moved, RowTools } from '../../ui/RowTools.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { columnsFor, type Known, remember } from './lastColumns.ts'
import type { Chosen } from './useBulk.ts'
import { useExport } from './useExport.ts'

type Props = { of: Exportable; chosen: Chosen; opened: boolean; onClose: () => void }

/** How many rows there are, and what a CSV says of each, in which order. */
export function ExportDialog({ of, chosen, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Export ${of.replace('_', ' ')}`} size="lg">
      {opened && <Read of={of} chosen={chosen} onClose={onClose} />}
    </Modal>
  )
}

function Read({ of, chosen, onClose }: Omit<Props, 'opened'>) {
  const { data, error, refetch } = useQuery(exportPreview(useWorkspaceId(), { of, ...chosen }))
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <SkeletonLines lines={6} pitch={36} />
  const rows = data.count === null ? 'Very many rows' : count(data.count, 'row')
  return <Choice of={of} chosen={chosen} onClose={onClose} rows={rows} all={data.columns} />
}

type ChoiceProps = Omit<Props, 'opened'> & { rows: string; all: string[] }

function Choice({ of, chosen, onClose, rows, all }: ChoiceProps) {
  const [format, choose] = useState<'csv' | 'jsonl'>('csv')
  const [columns, change] = useState(() => columnsFor(of, all))
  const { begin, pending } = useExport(of, chosen)
  const wanted = columns.filter(({ is_wanted }) => is_wanted).map(({ name }) => name)
  const submit = () => {
    remember(of, columns)
    void begin(format === 'csv' ? { format, columns: wanted } : { format })
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="export-rows">
        <b className="number">{rows}</b>
        <SegmentedControl
          aria-label="Format"
          value={format}
          onChange={value => choose(value as typeof format)}
          data={[
            { value: 'csv', label: 'CSV' },
            { value: 'jsonl', label: 'JSON lines' },
          ]}
        />
      </div>
      {format === 'csv' ? (
        <Columns columns={columns} change={change} />
      ) : (
        <p className="muted">One object a line with everything that the API says of each.</p>
      )}
      <DialogEnd
        submit="Export"
        disabled={format === 'csv' && wanted.length === 0}
        saving={pending}
        error={null}
        cancel={onClose}
      />
    </form>
  )
}

function Columns({ columns, change }: { columns: Known[]; change: (columns: Known[]) => void }) {
  const wanted = columns.filter(({ is_wanted }) => is_wanted).length
  const set = (name: string, is_wanted: boolean) =>
    change(columns.map(column => (column.name === name ? { name, is_wanted } : column)))
  return (
    <fieldset className="export-columns">
      <legend>
        <Checkbox
          label={`${whole(wanted)} of ${count(columns.length, 'column')}`}
          checked={wanted === columns.length}
          indeterminate={wanted > 0 && wanted < columns.length}
          onChange={({ currentTarget }) => change(columns.map(({ name }) => ({ name, is_wanted: currentTarget.checked })))}
        />
      </legend>
      <ol>
        {columns.map(({ name, is_wanted }, index) => (
          <li key={name}>
            <Checkbox label={name} checked={is_wanted} onChange={({ currentTarget }) => set(name, currentTarget.checked)} />
            <RowTools label={name} index={index} length={columns.length} move={to => change(moved(columns, index, to))} />
          </li>
        ))}
      </ol>
    </fieldset>
  )
}
