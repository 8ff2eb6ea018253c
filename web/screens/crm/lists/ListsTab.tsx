import { Button } from '@mantine/core'
import { IconMailbox, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { mailingLists } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { count } from '../../../ui/numbers.ts'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { ListDialog } from './ListDialog.tsx'
import { ruleWords } from './words.ts'
import './lists.css'

/** Mailing lists: who joins each, and how many are on it. */
export function ListsTab() {
  const workspaceId = String(useWorkspaceId())
  const { data, error, refetch } = useQuery(mailingLists(Number(workspaceId)))
  const may_change = useMay('admin')
  const [adding, add] = useState(false)
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The lists could not be loaded" />
  if (!data) return <SkeletonLines lines={6} pitch={48} padding="16px 0" />
  const button = may_change && (
    <Button leftSection={<IconPlus size={15} />} onClick={() => add(true)}>
      New list
    </Button>
  )
  return (
    <>
      {data.data.length === 0 ? (
        <Empty icon={IconMailbox} title="No mailing list yet" actions={button}>
          A list says who joins it by signing up: by the language of the page, and by what they told. Every connected CRM is told
          of the lists that somebody is on, by the names that you give them here.
        </Empty>
      ) : (
        <>
          <div className="crm-lists-head">
            <p className="muted crm-about">
              Called here as the CRMs call them. Who signed up before a list was made does not join it.
            </p>
            {button}
          </div>
          <ul className="setting-list" aria-label="Mailing lists">
            {data.data.map(list => (
              <li key={list.id}>
                <Link
                  className="setting-line"
                  to="/w/$workspaceId/crm/lists/$listId"
                  params={{ workspaceId, listId: String(list.id) }}
                  search={{}}
                >
                  <span className="crm-list-name">
                    <b>{list.name}</b>
                    <span className="muted">{ruleWords(list)}</span>
                  </span>
                  <span className="number">{count(list.members, 'member')}</span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <ListDialog list={adding ? 'new' : undefined} onClose={() => add(false)} />
    </>
  )
}
