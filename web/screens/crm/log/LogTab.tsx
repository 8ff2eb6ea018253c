import { Button, Modal, Select } from '@mantine/core'
import { IconCircleCheck, IconSearchOff } from '@tabler/icons-react'
import { useState } from 'react'
import type { CrmLogEntry, CrmLogQuery } from '../../../../shared/crm.ts'
import { crmLog, crmLogFile } from '../../../api/crm.ts'
import type { Asked } from '../../../api/page.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import { SearchField } from '../../../ui/SearchField.tsx'
import { ConnectionSelect } from '../ConnectionSelect.tsx'
import { CsvLink } from '../CsvLink.tsx'
import { ERROR_KINDS, OPERATIONS } from '../words.ts'
import { CompactEntry, columns } from './columns.tsx'
import { Entry } from './Entry.tsx'
import './log.css'

type Search = Asked<Pick<CrmLogQuery, 'q' | 'connection_id' | 'kind' | 'operation' | 'run_id' | 'contact_id'>>
type Props = { search: Search; ask: (change: Search) => void; clear: () => void }

const KINDS = Object.entries(ERROR_KINDS).map(([value, { label }]) => ({ value, label }))
const WHATS = Object.entries(OPERATIONS).map(([value, label]) => ({ value, label }))

/** What went wrong with CRMs, the newest first. */
export function LogTab({ search, ask, clear }: Props) {
  const workspace_id = useWorkspaceId()
  const [opened, open] = useState<CrmLogEntry>()
  return (
    <>
      <LogList
        label="Log of failures"
        query={crmLog(workspace_id, search)}
        columns={columns}
        row_key={({ id }) => id}
        open={open}
        compact={entry => <CompactEntry entry={entry} />}
        choose={undefined}
        filters={
          <search className="toolbar">
            <SearchField label="Search code or message" value={search.q} onChange={q => ask({ q })} />
            <ConnectionSelect value={search.connection_id} onChange={connection_id => ask({ connection_id })} />
            <Select
              aria-label="What was tried"
              placeholder="Whatever was tried"
              clearable
              w={180}
              data={WHATS}
              value={search.operation ?? null}
              onChange={operation => ask({ operation: operation ?? undefined })}
            />
            <Select
              aria-label="What went wrong"
              placeholder="Whatever went wrong"
              clearable
              w={190}
              data={KINDS}
              value={search.kind ?? null}
              onChange={kind => ask({ kind: (kind as Search['kind']) ?? undefined })}
            />
            <CsvLink href={crmLogFile(workspace_id, search)} label="Download this log as CSV" />
          </search>
        }
        empty={<NoFailure filtered={Object.values(search).some(value => value !== undefined)} clear={clear} />}
      />
      <Modal opened={opened !== undefined} onClose={() => open(undefined)} size={680} title="What went wrong">
        {opened && <Entry entry={opened} />}
      </Modal>
    </>
  )
}

function NoFailure({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  if (filtered)
    return (
      <Empty
        icon={IconSearchOff}
        title="No failure fits this search"
        actions={
          <Button variant="default" onClick={clear}>
            Show all failures
          </Button>
        }
      >
        Search for a part of the code or of what the CRM said.
      </Empty>
    )
  return (
    <Empty icon={IconCircleCheck} title="Nothing went wrong">
      Whatever a CRM does not take stands here: when, with whom, what was tried, and what it said.
    </Empty>
  )
}
