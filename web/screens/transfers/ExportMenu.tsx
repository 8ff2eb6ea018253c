import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import type { Exportable } from '../../../shared/exports.ts'
import { ExportDialog } from './ExportDialog.tsx'
import { type Chosen, questionOf } from './useBulk.ts'
import { useExport } from './useExport.ts'
import './transfers.css'

/** What a list shows, as a file. */
export function ExportMenu({ of, search }: { of: Exportable; search: Record<string, unknown> }) {
  return (
    <Formats of={of} chosen={{ query: questionOf(search) }} position="bottom-end">
      <Tooltip label="Export this list">
        <ActionIcon variant="default" size={36} aria-label={`Export these ${of.replace('_', ' ')}`}>
          <IconDownload size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </Formats>
  )
}

/** The same for what is chosen, or for all of something. */
export function ExportButton({ of, chosen }: { of: Exportable; chosen: Chosen }) {
  return (
    <Formats of={of} chosen={chosen} position="bottom-start">
      <Button variant="default" leftSection={<IconDownload size={15} stroke={1.6} />}>
        Export
      </Button>
    </Formats>
  )
}

type Props = { of: Exportable; chosen: Chosen; position: 'bottom-start' | 'bottom-end'; children: React.ReactNode }

/** Everything as CSV or JSON lines at once, or a choice of columns first. */
function Formats({ of, chosen, position, children }: Props) {
  const { begin } = useExport(of, chosen)
  const [choosing, { open, close }] = useDisclosure()
  return (
    <>
      <Menu position={position}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void begin({ format: 'csv' })}>CSV, for spreadsheets</Menu.Item>
          <Menu.Item onClick={() => void begin({ format: 'jsonl' })}>JSON lines, for programs</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={open}>Choose columns…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ExportDialog of={of} chosen={chosen} opened={choosing} onClose={close} />
    </>
  )
}
