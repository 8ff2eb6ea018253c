import { Alert, Button, FileInput, Group, Modal, Progress, Select, Stack, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { putCrmLinks } from '../../../api/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count, whole } from '../../../ui/numbers.ts'
import { useConnections } from '../useProviders.ts'
import { readIds } from './readIds.ts'

/** Of one request. */
const CHUNK = 1000
const MOST_SHOWN = 200

type Refused = { line: number; message: string }

/** Ids that members have in another system, so that a migration run can ask after them. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Import ids" size="lg">
      <ImportForm done={onClose} />
    </Modal>
  )
}

function ImportForm({ done }: { done: () => void }) {
  const connections = useConnections()
  const [chosen, choose] = useState<string | null>(null)
  const [pasted, paste] = useState('')
  const [file, setFile] = useState<{ name: string; text: string }>()
  const { lines, refused } = useMemo(() => readIds(file?.text ?? pasted), [file, pasted])
  const { mutate, isPending, error, data, stored } = useImport()
  const connection_id = chosen ?? (connections.length === 1 ? String(connections[0]!.id) : null)
  const total = lines.length + refused.length
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ connection_id: Number(connection_id), lines, refused })
      }}
    >
      <Stack gap="md">
        <Select
          label="Ids of which CRM"
          placeholder="Choose the connection"
          allowDeselect={false}
          data={connections.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={connection_id}
          onChange={choose}
        />
        <FileInput
          label="File"
          description="CSV: who, then their id there. Who is an e-mail, our contact id, or your own user id."
          placeholder="Choose a .csv file"
          accept=".csv,.txt,text/csv,text/plain"
          clearable
          onChange={chosen => {
            if (!chosen) setFile(undefined)
            else void chosen.text().then(text => setFile({ name: chosen.name, text }))
          }}
        />
        {!file && (
          <Textarea
            label="Or paste them"
            placeholder={'sarah@example.com,10417\njohn@example.com,10418'}
            autosize
            minRows={4}
            maxRows={10}
            spellCheck={false}
            value={pasted}
            onChange={({ currentTarget }) => paste(currentTarget.value)}
          />
        )}
      </Stack>
      <div role="status" className="crm-import">
        {total > 0 && !data && !isPending && (
          <p className="muted">
            {count(lines.length, 'line')} can be read{refused.length > 0 && `, ${whole(refused.length)} cannot`}.
          </p>
        )}
        {isPending && (
          <>
            <p className="muted">
              {whole(stored)} of {count(lines.length, 'line')}
            </p>
            <Progress value={(stored / Math.max(1, lines.length)) * 100} aria-label="Lines that were stored" />
          </>
        )}
        {data && !isPending && <Imported {...data} />}
      </div>
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={done}>
          Close
        </Button>
        <Button type="submit" loading={isPending} disabled={!connection_id || lines.length === 0}>
          Import
        </Button>
      </Group>
    </form>
  )
}

type Asked = { connection_id: number } & ReturnType<typeof readIds>

/** Part after part, so that a long list shows how far it is. */
function useImport() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [stored, setStored] = useState(0)
  const mutation = useMutation({
    mutationFn: async ({ connection_id, lines, refused }: Asked) => {
      const wrong: Refused[] = [...refused]
      let done = 0
      for (let from = 0; from < lines.length; from += CHUNK) {
        setStored(from)
        const part = lines.slice(from, from + CHUNK)
        const answer = await putCrmLinks(
          workspace_id,
          connection_id,
          part.map(({ link }) => link),
        )
        done += answer.stored
        wrong.push(...answer.refused.map(({ index, message }) => ({ line: part[index]!.line, message })))
      }
      return { stored: done, refused: wrong.sort((one, other) => one.line - other.line) }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  return { ...mutation, stored }
}

function Imported({ stored, refused }: { stored: number; refused: Refused[] }) {
  return (
    <Alert color={refused.length > 0 ? 'orange' : 'teal'} variant="light" p="sm">
      {count(stored, 'id')} stored{refused.length > 0 && `, ${count(refused.length, 'line')} refused:`}
      {refused.length > 0 && (
        <ul className="crm-wrong" aria-label="Refused lines">
          {refused.slice(0, MOST_SHOWN).map(({ line, message }) => (
            <li key={line}>
              Line {whole(line)}: {message}
            </li>
          ))}
          {refused.length > MOST_SHOWN && <li>and {whole(refused.length - MOST_SHOWN)} more</li>}
        </ul>
      )}
    </Alert>
  )
}
