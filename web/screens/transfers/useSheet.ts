import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Exportable } from '../../../shared/exports.ts'
import { useMayExport } from '../../api/may.ts'
import { createExport, exported, seeTransfer } from '../../api/transfers.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { saveFrom } from '../../ui/saveFile.ts'
import { questionOf } from './useBulk.ts'

/** What is on screen as a CSV, by its question. */
export type Sheet = { of: Exportable; query: Record<string, unknown> }

const AGAIN_MS = 250
const PATIENCE_MS = 10_000

/** Has it written and saved, by who may take reports along (`may`). What takes longer than somebody waits goes on behind the scenes, and they see where its file will be. */
export function useSheet() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const may = useMayExport('reports')
  const [pending, setPending] = useState(false)

  async function write({ of, query }: Sheet) {
    const { id } = await createExport(workspace_id, { of, query: questionOf(query) })
    const ended = await endOf(id)
    if (ended.state === 'running') {
      const params = { workspaceId: String(workspace_id), transferId: String(id) }
      await navigate({ to: '/w/$workspaceId/transfers/$transferId', params })
      return
    }
    if (!ended.file) throw new Error(ended.error ?? 'Somebody stopped it.')
    const { pathname, search } = new URL(ended.file.url)
    saveFrom(pathname + search)
    await seeTransfer(workspace_id, id)
  }

  async function endOf(id: number) {
    for (const begun = Date.now(); ; ) {
      const found = await queries.fetchQuery({ ...exported(workspace_id, id), staleTime: 0 })
      if (found.state !== 'running' || Date.now() - begun > PATIENCE_MS) return found
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
    }
  }

  const save = async (sheet: Sheet) => {
    setPending(true)
    await write(sheet).catch((error: Error) =>
      notifications.show({ color: 'red', title: 'Nothing was saved', message: error.message }),
    )
    setPending(false)
  }
  return { save, pending, may }
}
