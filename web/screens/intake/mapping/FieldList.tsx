import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { IntakeKeys, IntakeTarget, Mapping } from '../../../../shared/intake.ts'
import { changesOf, filledBy, keysOf } from './draft.ts'
import { GROUPS } from './groups.ts'
import { step } from './KeyList.tsx'
import { RuleEditor } from './RuleEditor.tsx'

type Props = {
  keys: IntakeKeys
  mapping: Mapping
  picked: string | undefined
  assign: (field: string) => void
  cancel: () => void
  change: ((mapping: Mapping) => void) | undefined
}

/** Our fields: a key that was chosen is put onto one; without, a field opens and its rule can be changed. */
export function FieldList({ keys, mapping, picked, assign, cancel, change }: Props) {
  const [typed, setTyped] = useState('')
  const [opened, open] = useState<string>()
  const wanted = typed.trim().toLowerCase()
  const fits = ({ name, label }: IntakeTarget) => `${label} ${name}`.toLowerCase().includes(wanted)
  const shown = keys.targets.filter(fits)
  const groups = GROUPS.map(([group, title]) => ({ title, fields: shown.filter(field => field.group === group) }))
  const ordered = groups.flatMap(({ fields }) => fields)
  const choose = (field: string) => {
    setTyped('')
    if (picked !== undefined) assign(field)
    else open(opened === field ? undefined : field)
  }
  return (
    <section className="mapping-column" aria-label="Our fields">
      <header>
        <h2>Our fields</h2>
        <p aria-live="polite">
          {picked === undefined ? (
            'Click a field to change how it is filled.'
          ) : (
            <>
              Which one does <b className="mono">{picked}</b> fill?
            </>
          )}
        </p>
      </header>
      <TextInput
        className="mapping-filter"
        aria-label="Find a field"
        placeholder="Find a field"
        leftSection={<IconSearch size={15} stroke={1.7} />}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            setTyped('')
            cancel()
          }
          if (event.key === 'Enter' && ordered[0] && wanted) choose(ordered[0].name)
          if (event.key === 'ArrowDown') {
            event.preventDefault()
            document.querySelector<HTMLElement>('.mapping-field-name')?.focus()
          }
        }}
      />
      {groups.map(
        ({ title, fields }) =>
          fields.length > 0 && (
            <div key={title} className="mapping-group" data-picking={picked !== undefined || undefined}>
              <h3>{title}</h3>
              <ul>
                {fields.map(field => (
                  <li key={field.name} className="mapping-field">
                    <button
                      type="button"
                      className="mapping-field-name"
                      aria-expanded={opened === field.name}
                      disabled={!change}
                      onKeyDown={step}
                      onClick={() => choose(field.name)}
                    >
                      <span>{field.label}</span>
                      <FilledFrom field={field.name} keys={keys} mapping={mapping} />
                    </button>
                    {opened === field.name && change && (
                      <RuleEditor
                        field={field}
                        mapping={mapping}
                        known={keys.data.map(({ key }) => key)}
                        spelled={keys.data.find(key => filledBy(key, mapping)?.field === field.name)?.key}
                        change={change}
                      />
                    )}
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
      {!shown.length && <p className="muted">No field has this in its name. A key that fills none is kept as it is.</p>}
    </section>
  )
}

function FilledFrom({ field, keys, mapping }: { field: string; keys: IntakeKeys; mapping: Mapping }) {
  const rule = mapping[field]
  if (rule === null) return <span className="mapping-from muted">left empty</span>
  if (rule) {
    const changes = changesOf(rule).join(', ')
    return (
      <span className="mapping-from" data-by="rule" title={changes || undefined}>
        <span className="mono cut">
          {rule.const !== undefined ? `= ${rule.const}` : keysOf(rule).join(rule.join ? ' + ' : ' | ')}
        </span>
        {changes && <small className="muted cut">{changes}</small>}
      </span>
    )
  }
  const spelled = keys.data.find(key => filledBy(key, mapping)?.field === field)
  return <span className="mapping-from muted mono cut">{spelled?.key}</span>
}
