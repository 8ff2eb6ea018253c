import { Button, Select } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileImport, IconLink, IconSearchOff } from '@tabler/icons-react'
import type { CrmLinksQuery } from '../../../../shared/crm.ts'
import { crmLinks, crmLinksFile } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import type { Asked } from '../../../api/page.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import { SearchField } from '../../../ui/SearchField.tsx'
import { ConnectionSelect } from '../ConnectionSelect.tsx'
import { CsvLink } from '../CsvLink.tsx'
import { useOpenPerson } from '../useOpenPerson.ts'
import { useConnections } from '../useProviders.ts'
import { LINK_STATES } from '../words.ts'
import { CompactLink, columns } from './columns.tsx'
import { ImportDialog } from './ImportDialog.tsx'

type Search = Asked<Pick<CrmLinksQuery, 'q' | 'connection_id' | 'state' | 'due'>>
type Props = { search: Search; ask: (change: Search) => void; clear: () => void }

const STATES = Object.entries(LINK_STATES).map(([value, { label }]) => ({ value, label }))
const TOLD = [
  { value: 'true', label: 'Waits to be told' },
  { value: 'false', label: 'Told' },
]

/** Who is known in which CRM, by which id. */
export function LinksTab({ search, ask, clear }: Props) {
  const workspace_id = useWorkspaceId()
  const open = useOpenPerson()
  const may_change = useMay('admin')
  const connections = useConnections()
  const [importing, startImport] = useDisclosure()
  const add = may_change && connections.length > 0 && (
    <Button
      className="crm-do"
      variant="default"
      leftSection={<IconFileImport size={15} stroke={1.6} />}
      onClick={startImport.open}
    >
      Import ids
    </Button>
  )
  return (
    <>
      <LogList
        label="Links"
        query={crmLinks(workspace_id, search)}
        columns={columns}
        row_key={({ connection_id, contact_id }) => `${connection_id} ${contact_id}`}
        open={open}
        compact={link => <CompactLink link={link} />}
        choose={undefined}
        filters={
          <search className="toolbar">
            <SearchField label="Search e-mail or id, whole" value={search.q} onChange={q => ask({ q })} />
            <ConnectionSelect value={search.connection_id} onChange={connection_id => ask({ connection_id })} />
            <Select
              aria-label="State"
              placeholder="Any state"
              clearable
              w={150}
              data={STATES}
              value={search.state ?? null}
              onChange={state => ask({ state: (state as Search['state']) ?? undefined })}
            />
            <Select
              aria-label="Told or not"
              placeholder="Told or not"
              clearable
              w={150}
              data={TOLD}
              value={search.due === undefined ? null : String(search.due)}
              onChange={due => ask({ due: due === null ? undefined : due === 'true' })}
            />
            <CsvLink href={crmLinksFile(workspace_id, search)} label="Download these links as CSV" />
            {add}
          </search>
        }
        empty={<NoLinks filtered={Object.values(search).some(value => value !== undefined)} clear={clear} />}
      />
      <ImportDialog opened={importing} onClose={startImport.close} />
    </>
  )
}

function NoLinks({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  if (filtered)
    return (
      <Empty
        icon={IconSearchOff}
        title="No link fits this search"
        actions={
          <Button variant="default" onClick={clear}>
            Show all links
          </Button>
        }
      >
        Search for a whole e-mail, for our contact id, or for the id over there.
      </Empty>
    )
  return (
    <Empty icon={IconLink} title="Nobody is linked with a CRM yet">
      Whoever signs up appears here with the id that the CRM has for them. If you move from another CRM, import the ids that your
      members have there.
    </Empty>
  )
}
