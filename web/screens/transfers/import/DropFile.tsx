import { Alert, Button, FileButton } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useState } from 'react'
import type { ImportOf } from '../../../../shared/imports.ts'
import { Sending } from './Sending.tsx'
import { useSendFile } from './useSendFile.ts'

/** Where a file is dropped or chosen; what becomes of it is asked on its own page. */
export function DropFile({ of }: { of: ImportOf }) {
  const [over, setOver] = useState(false)
  const { send, cancel, sending, error } = useSendFile(of)
  if (sending) return <Sending sending={sending} cancel={cancel} />
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
          const [file] = event.dataTransfer.files
          if (file) send(file)
        }}
      >
        <IconFileUpload size={28} stroke={1.4} aria-hidden />
        <p>Drop a file here</p>
        <p className="muted">CSV in any encoding, or JSON lines; packed by gzip or not; of any length. Nothing is written yet.</p>
        <FileButton accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json,.gz,text/csv" onChange={file => file && send(file)}>
          {props => (
            <Button {...props} variant="default">
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
