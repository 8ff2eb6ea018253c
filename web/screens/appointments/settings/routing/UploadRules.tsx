import { Alert, Button, Checkbox, FileInput, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import type { RoutingUploaded } from '../../../../../shared/routing.ts'
import { uploadRules } from '../../../../api/routing.ts'
import { useSetting } from '../../../../api/useSetting.ts'
import { CodeBlock } from '../../../../ui/CodeBlock.tsx'

const EXAMPLE = `name,types,products,zip_prefixes,states,countries,target
North,,roof|solar,98|99,,US,pool:Closers
Texas,consultation,,,TX,,tom@example.com`

/** Many rules by one sheet. What is wrong is said row by row; nothing is stored until everything is right, unless somebody says so. */
export function UploadRules({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null)
  const [partial, setPartial] = useState(false)
  const { mutate, isPending, data, error, reset } = useSetting(
    (workspace_id, file: File) => uploadRules(workspace_id, file, partial),
    'The sheet was read',
  )
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title="Upload routing rules">
      <p className="muted routing-about">
        A sheet saved as CSV with a heading; several values in one cell stand between |. A rule is found by its name: a new name
        makes a rule, a known one publishes a new version of it.
      </p>
      <CodeBlock label="example" text={EXAMPLE} />
      <FileInput
        mt="md"
        label="File"
        placeholder="Choose a .csv file"
        accept=".csv,text/csv,text/plain"
        clearable
        value={file}
        onChange={file => {
          setFile(file)
          reset()
        }}
      />
      <Checkbox
        mt="sm"
        label="Store what is right although other rows are wrong"
        checked={partial}
        onChange={({ currentTarget }) => setPartial(currentTarget.checked)}
      />
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      {data && <Uploaded uploaded={data} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button disabled={!file} loading={isPending} onClick={() => file && mutate(file)}>
          Upload
        </Button>
      </Group>
    </Modal>
  )
}

function Uploaded({ uploaded: { made, changed, same, wrong, stored, rows } }: { uploaded: RoutingUploaded }) {
  return (
    <div role="status">
      <Alert color={wrong ? 'orange' : 'teal'} variant="light" p="sm" mt="sm">
        {made} new, {changed} changed, {same} as before, {wrong} wrong.{' '}
        {stored ? '' : 'Nothing was stored: mend what is wrong and upload it again.'}
      </Alert>
      {wrong > 0 && (
        <ul className="routing-wrong">
          {rows
            .filter(({ result }) => result === 'wrong')
            .map(({ row, name, reason }) => (
              <li key={row}>
                Row {row}, <b>{name || 'without a name'}</b>: {reason}
              </li>
            ))}
        </ul>
      )}
    </div>
  )
}
