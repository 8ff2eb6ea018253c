import { Menu } from '@mantine/core'
import { IconCheck, IconHome, IconLock, IconUsers } from '@tabler/icons-react'

export type Named = { id: number; name: string; is_shared: boolean; is_default?: boolean }
type Props<T extends Named> = { all: T[]; current: T | undefined; open: (one: T) => void }

/** What was saved under a name, as items of a menu: what everybody sees, then what is one's own. */
export function NamedItems<T extends Named>({ all, current, open }: Props<T>) {
  const list = (label: string, of: T[]) =>
    of.length > 0 && (
      <>
        <Menu.Label>{label}</Menu.Label>
        {of.map(one => (
          <Menu.Item key={one.id} leftSection={signOf(one, current)} onClick={() => open(one)}>
            {one.name}
          </Menu.Item>
        ))}
      </>
    )
  return (
    <>
      {list(
        'Shared',
        all.filter(one => one.is_shared),
      )}
      {list(
        'Only mine',
        all.filter(one => !one.is_shared),
      )}
      {all.length === 0 && <Menu.Label>None yet: save what you see now, and open it again with one click.</Menu.Label>}
      <Menu.Divider />
    </>
  )
}

function signOf(one: Named, current: Named | undefined) {
  if (one.id === current?.id) return <IconCheck size={15} />
  if (one.is_default) return <IconHome size={15} stroke={1.6} />
  return one.is_shared ? <IconUsers size={15} stroke={1.6} /> : <IconLock size={15} stroke={1.6} />
}
