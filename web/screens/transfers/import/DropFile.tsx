import { Alert, Button, FileButton } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { sendImport } from '../../../api/imports.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Where a file is dropped or chosen; what becomes of it is asked on its own page. */
export function DropFile() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [over, setOver] = useState(false)
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: (file: File) => sendImport(workspace_id, file),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: [workspace_id, '/transfers'] })
      void navigate({
        to: '/w/$workspaceId/imports/$importId',
        params: { workspaceId: String(workspace_id), importId: String(id) },
      })
    },
  })
  const send = (file: File | null | undefined) => {
    if (file && !isPending) mutate(file)
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button within does the same by keyboard */}
      <div
        className="import-drop"
        data-over={over || undefined}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          event.preventDefault()
          setOver(false)
          send(event.dataTransfer.files[0])
        }}
      >
        <IconFileUpload size={28} stroke={1.4} aria-hidden />
        <p>{isPending ? `${variables.name} is being sent…` : 'Drop a file here'}</p>
        <p className="muted">CSV in any encoding, or JSON lines; packed by gzip or not; of any length. Nothing is written yet.</p>
        <FileButton accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json,.gz,text/csv" onChange={send}>
          {props => (
            <Button {...props} loading={isPending} variant="default">
              Choose a file
            </Button>
          )}
        </FileButton>
      </div>
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert" title="The file was not taken">
          {error.message}
        </Alert>
      )}
    </>
  )
}
