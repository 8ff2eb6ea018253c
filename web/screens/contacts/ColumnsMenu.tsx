import { ActionIcon, Checkbox, Popover, Stack, Tooltip } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import type { Column } from '../../ui/TableHead.tsx'

type Props = {
  /** All that there are, in their order. */
  all: Column<Contact>[]
  /** The keys of those that are shown. */
  shown: string[]
  set: (shown: string[]) => void
}

/** Which columns a list has. The name stays. */
export function ColumnsMenu({ all, shown, set }: Props) {
  const workspaceId = String(useWorkspaceId())
  const toggle = (key: string) => {
    const wanted = shown.includes(key) ? shown.filter(one => one !== key) : [...shown, key]
    set(all.map(column => column.key).filter(one => wanted.includes(one)))
  }
  return (
    <Popover position="bottom-end" shadow="md">
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={36} aria-label="Columns" visibleFrom="sm">
            <IconColumns3 size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
        <Stack gap={8}>
          {all.map(({ key, title }) => (
            <Checkbox
              key={key}
              label={title}
              checked={shown.includes(key)}
              disabled={key === 'name'}
              onChange={() => toggle(key)}
            />
          ))}
          <Link to="/w/$workspaceId/custom-fields" params={{ workspaceId }} className="text-link">
            Fields of your own…
          </Link>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
