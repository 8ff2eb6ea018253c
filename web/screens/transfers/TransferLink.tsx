import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Transfer } from '../../../shared/transfers.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

type Props = { transfer: Pick<Transfer, 'id' | 'kind'>; className: string; onClick?: () => void; children: ReactNode }

/** An import has a screen of its own, with its mapping. */
export function TransferLink({ transfer: { id, kind }, className, onClick, children }: Props) {
  const workspaceId = String(useWorkspaceId())
  const rest = { className, children, ...(onClick && { onClick }) }
  return kind === 'import' ? (
    <Link to="/w/$workspaceId/imports/$importId" params={{ workspaceId, importId: String(id) }} {...rest} />
  ) : (
    <Link to="/w/$workspaceId/transfers/$transferId" params={{ workspaceId, transferId: String(id) }} {...rest} />
  )
}
