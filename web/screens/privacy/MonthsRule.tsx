import { Button, NumberInput, Switch } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useMay } from '../../api/may.ts'
import { count } from '../../ui/numbers.ts'

type Props = {
  label: string
  /** What is chosen here, and what holds; null: nothing goes by time. */
  months: number
  held: number | null
  choose: (months: number) => void
  says: { on: string; off: string }
  sure: { title: string; children: string; confirm: string; can_be_undone?: boolean }
  save: (months: number | null) => void
}

/** After how many months something goes: asked once more before it holds. */
export function MonthsRule({ label, months, held, choose, says, sure, save }: Props) {
  const may_change = useMay('admin')
  const ask = () =>
    modals.openConfirmModal({
      title: sure.title,
      children: sure.children,
      labels: { confirm: sure.confirm, cancel: 'Cancel' },
      ...(!sure.can_be_undone && { confirmProps: { color: 'red' } }),
      onConfirm: () => save(months),
    })
  return (
    <div className="privacy-ask">
      <NumberInput
        label={label}
        w={180}
        min={1}
        max={240}
        allowDecimal={false}
        value={months}
        disabled={!may_change}
        onChange={value => typeof value === 'number' && value >= 1 && choose(value)}
      />
      <Switch
        label={held === null ? says.off : `${says.on} ${count(held, 'month')}`}
        checked={held !== null}
        disabled={!may_change}
        onChange={({ currentTarget: { checked } }) => (checked ? ask() : save(null))}
      />
      {held !== null && months !== held && may_change && <Button onClick={ask}>Change to {count(months, 'month')}</Button>}
    </div>
  )
}
