import { Select } from '@mantine/core'
import { useMay } from '../../../api/may.ts'
import { useUserChoices } from '../../leads/useUsers.ts'

type Props = {
  label: string
  /** Offers that the routing rules choose: `undefined`. */
  by_rules?: boolean
  value: number | null | undefined
  onChange: (user_id: number | null | undefined) => void
}

const RULES = 'rules'
const NOBODY = '0'

/** A colleague, nobody yet, or whom the rules choose. Not there for an agent, whose appointments are their own. */
export function PersonField({ label, by_rules, value, onChange }: Props) {
  const people = useUserChoices()
  const may_choose = useMay('update')
  if (!may_choose) return null
  return (
    <Select
      label={label}
      allowDeselect={false}
      searchable
      data={[
        ...(by_rules ? [{ value: RULES, label: 'Whom the routing rules choose' }] : []),
        ...people,
        { value: NOBODY, label: 'Nobody yet' },
      ]}
      value={value === undefined ? RULES : value === null ? NOBODY : String(value)}
      onChange={value => onChange(value === RULES ? undefined : value === NOBODY ? null : Number(value))}
    />
  )
}
