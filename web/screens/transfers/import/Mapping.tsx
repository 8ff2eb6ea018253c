import { Alert, Autocomplete, Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Import, ImportOf, ImportSettings, ImportTarget } from '../../../../shared/imports.ts'
import { importOf, importPreview, importTargets, startImport, updateImport } from '../../../api/imports.ts'
import { useMay } from '../../../api/may.ts'
import { useAct } from '../../../api/useAct.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { Preview } from './Preview.tsx'
import { NEED, SENDERS } from './words.ts'

/** Which column fills what, and how rows find what is here. Every change is kept at once, so that the preview shows it. */
export function Mapping({ file }: { file: Import }) {
  const workspace_id = useWorkspaceId()
  const may_change = useMay(NEED[file.of])
  const act = useAct()
  const { data: preview } = useQuery(importPreview(workspace_id, file.id))
  const { data: targets } = useQuery(importTargets(workspace_id, file.of))
  const queries = useQueryClient()
  // The next choice says all columns, too, so it is made of what this one saved and not of what was read before.
  const save = useSetting(async (workspace_id, change: Partial<ImportSettings>) => {
    const { queryKey } = importOf(workspace_id, file.id)
    await queries.cancelQueries({ queryKey, exact: true })
    const saved = await updateImport(workspace_id, file.id, change)
    queries.setQueryData(queryKey, saved)
  }, 'Saved')
  const start = (verb: 'check' | 'run') =>
    void act(() => startImport(workspace_id, file.id, verb), {
      done: verb === 'check' ? 'It is being tried' : 'It is being written',
      failed: 'It was not begun',
    })
  const fill = (header: string, target: string | null) =>
    save.mutate({ columns: file.columns.map(one => (one.header === header ? { header, target } : one)) })
  if (!targets) return <SkeletonLines lines={8} padding="20px 0" />
  return (
    <section aria-label="How it is read">
      <p className="muted import-note">
        {count(file.rows, 'row')}, {file.format === 'csv' ? 'a table' : 'JSON lines'} in {file.encoding}.{' '}
        {ORIGINS[file.suggested_by]}
        {file.preset && ` It looks like an export of ${SENDERS[file.preset]}.`}
      </p>
      <table className="import-columns">
        <thead>
          <tr>
            <th>Column</th>
            <th>First values</th>
            <th>Fills</th>
          </tr>
        </thead>
        <tbody>
          {file.columns.map(({ header, target }, k) => (
            <tr key={header}>
              <th scope="row" className="cut" title={header}>
                {header}
              </th>
              <td className="muted">
                <span className="cut">{valuesAt(preview?.data ?? [], k)}</span>
              </td>
              <td>
                <Target
                  header={header}
                  targets={targets.data}
                  rest={file.of === 'leads' ? 'fields' : 'properties'}
                  target={target}
                  disabled={!may_change || save.isPending}
                  choose={target => fill(header, target)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="import-options">
        <Select
          label={file.of === 'leads' ? 'A row is the lead that' : 'A row is whom'}
          allowDeselect={false}
          data={BY[file.of]}
          value={file.by}
          disabled={!may_change}
          // Without a key there is nothing to find.
          onChange={by => by && save.mutate(by === 'none' ? { by, mode: 'create' } : { by })}
        />
        <Select
          label="It may"
          allowDeselect={false}
          data={MODES[file.of]}
          value={file.mode}
          disabled={!may_change || file.by === 'none'}
          onChange={mode => mode && save.mutate({ mode })}
        />
        <Select
          label="An empty cell"
          allowDeselect={false}
          data={EMPTY}
          value={file.empty}
          disabled={!may_change}
          onChange={empty => empty && save.mutate({ empty })}
        />
        <Select
          label="Days are written"
          allowDeselect={false}
          data={DAYS}
          value={file.days ?? 'any'}
          disabled={!may_change}
          onChange={days => days && save.mutate({ days: days === 'any' ? null : (days as 'YMD') })}
        />
        {file.of === 'leads' && (
          <Select
            className="import-assign"
            label="New leads that name no owner"
            description="None of them is sent on to partners."
            inputWrapperOrder={['label', 'input', 'description']}
            allowDeselect={false}
            data={ASSIGN}
            value={file.assign ? 'rules' : 'nobody'}
            disabled={!may_change}
            onChange={to => to && save.mutate({ assign: to === 'rules' })}
          />
        )}
      </div>
      {save.error && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {Object.values('fields' in save.error ? (save.error.fields as object) : {}).join('. ') || save.error.message}
        </Alert>
      )}
      {may_change && (
        <div className="import-do">
          <Button variant={file.step === 'check' ? 'default' : 'filled'} onClick={() => start('check')}>
            Try it
          </Button>
          <Button variant={file.step === 'check' ? 'filled' : 'default'} onClick={() => start('run')}>
            Import {count(file.rows, 'row')}
          </Button>
        </div>
      )}
      {preview && <Preview preview={preview} />}
    </section>
  )
}

const ORIGINS = {
  memory: 'It is read as the last file with these headings was.',
  preset: 'It is read as exports of its kind usually are.',
  names: 'It is read by its headings: look whether that is right.',
}
const BY: Record<ImportOf, { value: Import['by']; label: string }[]> = {
  contacts: [
    { value: 'any', label: 'its user id, e-mail or phone names' },
    { value: 'email', label: 'its e-mail names' },
    { value: 'phone', label: 'its phone names' },
    { value: 'user_id', label: 'its user id names' },
    { value: 'id', label: 'its contact id names' },
  ],
  leads: [
    { value: 'id', label: 'its lead id names' },
    { value: 'external_id', label: "its sender's id names" },
    { value: 'none', label: 'is none yet: each is new' },
  ],
}
const MODES: Record<ImportOf, { value: Import['mode']; label: string }[]> = {
  contacts: [
    { value: 'both', label: 'make and change contacts' },
    { value: 'create', label: 'only make new ones' },
    { value: 'update', label: 'only change those who are here' },
  ],
  leads: [
    { value: 'both', label: 'make and change leads' },
    { value: 'create', label: 'only make new ones' },
    { value: 'update', label: 'only change those that are here' },
  ],
}
const ASSIGN = [
  { value: 'nobody', label: 'have nobody yet' },
  { value: 'rules', label: 'go to whom the assignment rules choose' },
]
const EMPTY: { value: Import['empty']; label: string }[] = [
  { value: 'keep', label: 'says nothing' },
  { value: 'clear', label: 'takes away what is there' },
]
const DAYS = [
  { value: 'any', label: 'as it seems' },
  { value: 'YMD', label: '2026-12-31' },
  { value: 'DMY', label: '31/12/2026' },
  { value: 'MDY', label: '12/31/2026' },
]

function valuesAt(rows: { cells: unknown[] }[], k: number) {
  const texts = rows.map(({ cells }) => cells[k]).filter(cell => cell !== null && cell !== undefined && cell !== '')
  return texts
    .slice(0, 3)
    .map(cell => (typeof cell === 'string' ? cell : JSON.stringify(cell)))
    .join(' · ')
}

type TargetProps = {
  header: string
  targets: ImportTarget[]
  /** Where a name goes that is none of these. */
  rest: 'properties' | 'fields'
  target: string | null
  disabled: boolean
  choose: (target: string | null) => void
}

/** One of the fields there are, or any other by its name. */
function Target({ header, targets, rest, target, disabled, choose }: TargetProps) {
  const label = (name: string | null) => targets.find(one => one.name === name)?.label ?? name ?? ''
  const [typed, type] = useState<string>()
  const groups = [...new Set(targets.map(({ group }) => group))]
  const leave = (text: string) => {
    const wanted = text.trim()
    type(undefined)
    const named = targets.find(one => one.label === wanted || one.name === wanted)?.name
    const chosen = wanted === '' ? null : (named ?? (wanted.startsWith(`${rest}.`) ? wanted : `${rest}.${wanted}`))
    if (chosen !== target) choose(chosen)
  }
  return (
    <Autocomplete
      aria-label={`What ${header} fills`}
      placeholder="Left out"
      size="sm"
      clearable
      data={groups.map(group => ({ group, items: targets.filter(one => one.group === group).map(one => one.label) }))}
      {...(typed === undefined && { filter: ({ options }) => options })}
      value={typed ?? label(target)}
      disabled={disabled}
      onChange={text => (text === '' ? leave('') : type(text))}
      onOptionSubmit={leave}
      onBlur={({ currentTarget }) => typed !== undefined && leave(currentTarget.value)}
    />
  )
}
