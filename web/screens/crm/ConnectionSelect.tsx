import { Select } from '@mantine/core'
import { useConnections } from './useProviders.ts'

type Props = { value: number | undefined; onChange: (id: number | undefined) => void }

/** In a toolbar: of which CRM. Nothing is asked where there is only one. */
export function ConnectionSelect({ value, onChange }: Props) {
  const connections = useConnections()
  if (connections.length < 2 && value === undefined) return null
  return (
    <Select
      aria-label="Connection"
      placeholder="Any connection"
      clearable
      w={170}
      data={connections.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={value === undefined ? null : String(value)}
      onChange={id => onChange(id === null ? undefined : Number(id))}
    />
  )
}
