import { Button, Menu } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useMay } from '../../../api/may.ts'
import { useConnections } from '../useProviders.ts'
import { useSync } from './useSync.ts'

/** Of which CRM is asked only where there are several. */
export function SyncButton() {
  const may_change = useMay('admin')
  const connections = useConnections().filter(({ provider }) => provider !== 'none' && provider !== 'log')
  const { sync } = useSync()
  const [only] = connections
  if (!may_change || !only) return null
  const looks = {
    className: 'crm-do crm-csv',
    variant: 'default',
    leftSection: <IconRefresh size={15} stroke={1.6} />,
    children: 'Sync now',
  } as const
  if (connections.length === 1) return <Button {...looks} onClick={() => sync(only.id)} />
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button {...looks} />
      </Menu.Target>
      <Menu.Dropdown>
        {connections.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => sync(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
