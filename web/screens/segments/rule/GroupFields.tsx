import { Button, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { RemoveRow } from '../../../ui/FormRows.tsx'
import { ConditionFields } from './ConditionFields.tsx'
import { type Group, newCondition, newGroup, type Part } from './draft.ts'

const MATCHES = [
  { value: 'all', label: 'all of these' },
  { value: 'any', label: 'any of these' },
  { value: 'none', label: 'none of these' },
]
/** Groups in groups are rarely understood by who reads them later. */
const DEEPEST = 2

type Props = { group: Group; set: (group: Group) => void; remove?: (() => void) | undefined; level?: number; name?: string }

/** Conditions that hold together: all, any or none. */
export function GroupFields({ group, set, remove, level = 1, name = 'People' }: Props) {
  const { match, parts } = group
  const put = (part: Part) => set({ ...group, parts: parts.map(one => (one.key === part.key ? part : one)) })
  const add = (part: Part) => set({ ...group, parts: [...parts, part] })
  const without = (key: number) =>
    parts.length === 1 ? remove : () => set({ ...group, parts: parts.filter(one => one.key !== key) })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws its legend over the line of selects
    <div role="group" aria-label={name} className="segment-group" data-level={level}>
      <div className="segment-match">
        <span>{level === 1 ? 'People to whom' : 'To whom'}</span>
        <Select
          aria-label={`${name}: how many must hold`}
          allowDeselect={false}
          w={{ base: 134, sm: 150 }}
          data={MATCHES}
          value={match}
          onChange={value => value && set({ ...group, match: value as Group['match'] })}
        />
        <span>apply</span>
        {remove && <RemoveRow label={`Remove ${name.toLowerCase()}`} onClick={remove} />}
      </div>
      <ol>
        {parts.map((part, index) => (
          <li key={part.key}>
            {'leaf' in part ? (
              <ConditionFields
                name={`${name === 'People' ? 'Condition' : `${name}, condition`} ${index + 1}`}
                leaf={part.leaf}
                set={leaf => put({ ...part, leaf })}
                remove={without(part.key)}
              />
            ) : (
              <GroupFields group={part} set={put} remove={without(part.key)} level={level + 1} name={`Group ${index + 1}`} />
            )}
          </li>
        ))}
      </ol>
      <div className="segment-add">
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={13} />} onClick={() => add(newCondition())}>
          Add a condition
        </Button>
        {level < DEEPEST && (
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={13} />} onClick={() => add(newGroup())}>
            Add a group
          </Button>
        )}
      </div>
    </div>
  )
}
