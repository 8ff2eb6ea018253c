import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { ImportOf } from '../../../../shared/imports.ts'
import { sendImport } from '../../../api/imports.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** A file on its way: its bytes, how many of them were sent, and for how long it goes, in ms. */
export type Sent = { file: File; sent: number; took: number }

/** Sends a file and goes to its page. Whoever leaves the screen has cancelled it, as by `cancel`: then nothing of it stays. */
export function useSendFile(of: ImportOf) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [sent, setSent] = useState<Sent>()
  const going = useRef<AbortController>(undefined)
  const cancel = () => going.current?.abort()
  useEffect(() => () => going.current?.abort(), [])
  const { mutate, isPending, error } = useMutation({
    mutationFn: (file: File) => {
      const begun = performance.now()
      going.current = new AbortController()
      setSent({ file, sent: 0, took: 0 })
      return sendImport(workspace_id, of, file, going.current.signal, bytes =>
        // What is sent besides the file itself is counted too.
        setSent({ file, sent: Math.min(bytes, file.size), took: performance.now() - begun }),
      )
    },
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: [workspace_id, '/transfers'] })
      void navigate({
        to: '/w/$workspaceId/imports/$importId',
        params: { workspaceId: String(workspace_id), importId: String(id) },
      })
    },
  })
  const was_cancelled = going.current?.signal.aborted === true
  return { send: mutate, cancel, sending: isPending ? sent : undefined, error: was_cancelled ? null : error }
}
