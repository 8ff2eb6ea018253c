import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { Exportable } from '../../../shared/exports.ts'
import { createExport } from '../../api/transfers.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { type Chosen, questionOf } from './useBulk.ts'

type Props = { of: Exportable; search: Record<string, unknown> }

/** What a list shows, as a file. */
export function ExportMenu({ of, search }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label="Export this list">
          <ActionIcon variant="default" size={36} aria-label={`Export these ${of}`}>
            <IconDownload size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <FormatItems of={of} chosen={{ query: questionOf(search) }} />
      </Menu.Dropdown>
    </Menu>
  )
}

/** The formats; choosing one begins the export and goes to where its file will be. */
export function FormatItems({ of, chosen }: { of: Exportable; chosen: Chosen }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const navigate = useNavigate()
  const begin = (format: 'csv' | 'jsonl') =>
    act(
      async () => {
        const { id } = await createExport(workspace_id, { of, format, ...chosen })
        const params = { workspaceId: String(workspace_id), transferId: String(id) }
        await navigate({ to: '/w/$workspaceId/transfers/$transferId', params })
      },
      { done: 'The export has begun', failed: 'Nothing was exported' },
    )
  return (
    <>
      <Menu.Item onClick={() => begin('csv')}>CSV, for spreadsheets</Menu.Item>
      <Menu.Item onClick={() => begin('jsonl')}>JSON lines, for programs</Menu.Item>
    </>
  )
}
