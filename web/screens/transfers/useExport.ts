import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Exportable, ExportCreate } from '../../../shared/exports.ts'
import { createExport } from '../../api/transfers.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import type { Chosen } from './useBulk.ts'

/** Begins an export and goes to where its file will be. */
export function useExport(of: Exportable, chosen: Chosen) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const navigate = useNavigate()
  const [pending, setPending] = useState(false)
  const begin = async (wish: Pick<ExportCreate, 'format' | 'columns'>) => {
    setPending(true)
    await act(
      async () => {
        const { id } = await createExport(workspace_id, { of, ...chosen, ...wish })
        const params = { workspaceId: String(workspace_id), transferId: String(id) }
        await navigate({ to: '/w/$workspaceId/transfers/$transferId', params })
      },
      { done: 'The export has begun', failed: 'Nothing was exported' },
    )
    setPending(false)
  }
  return { begin, pending }
}
