import { Button, Checkbox, Group, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import type { IntakeTarget, Mapping, MappingRule } from '../../../../shared/intake.ts'
import type { Asked } from '../../../api/page.ts'
import { countries } from '../../../ui/regions.ts'
import { type Source, sourceOf, withoutRule, withSource } from './draft.ts'
import { Translations } from './Translations.tsx'

const SOURCES: { value: Source; label: string }[] = [
  { value: 'path', label: 'A key' },
  { value: 'first_of', label: 'The first of several with a value' },
  { value: 'join', label: 'Several, joined' },
  { value: 'const', label: 'A fixed value' },
]

const DATES = [
  { value: 'DMY', label: 'day, month, year' },
  { value: 'MDY', label: 'month, day, year' },
  { value: 'YMD', label: 'year, month, day' },
]

type Props = {
  field: IntakeTarget
  mapping: Mapping
  known: string[]
  /** The key that fills it by its name, when no rule does. */
  spelled: string | undefined
  change: (mapping: Mapping) => void
}

/** How one field is filled: from what, and what is done to it. */
export function RuleEditor({ field: { name, label }, mapping, known, spelled, change }: Props) {
  const stored = mapping[name]
  const rule: MappingRule = stored ?? { path: spelled ?? '' }
  const set = (next: MappingRule) => change({ ...mapping, [name]: next })
  const source = sourceOf(rule)
  return (
    <fieldset className="mapping-rule">
      <legend className="unseen">How {label} is filled</legend>
      <Checkbox
        label="Leave it empty, whatever comes"
        checked={stored === null}
        onChange={({ currentTarget: { checked } }) => change(checked ? { ...mapping, [name]: null } : withoutRule(mapping, name))}
      />
      {stored !== null && (
        <>
          <Select
            label="Filled from"
            allowDeselect={false}
            data={SOURCES}
            value={source}
            onChange={value => value && set(withSource(rule, value as Source))}
          />
          <SourceFields rule={rule} source={source} known={known} set={set} />
          {source !== 'const' && <p className="mapping-else">Where no such key comes, the field is found by its usual names.</p>}
          {source !== 'const' && <Changes rule={rule} set={set} />}
        </>
      )}
      {stored !== undefined && (
        <Button variant="default" size="compact-sm" onClick={() => change(withoutRule(mapping, name))}>
          Remove the rule
        </Button>
      )}
    </fieldset>
  )
}

type PartProps = { rule: MappingRule; set: (rule: MappingRule) => void }

function SourceFields({ rule, source, known, set }: PartProps & { source: Source; known: string[] }) {
  if (source === 'const')
    return (
      <TextInput
        label="Value"
        value={String(rule.const ?? '')}
        onChange={event => set({ ...rule, const: event.currentTarget.value })}
      />
    )
  if (source === 'path')
    return (
      <Select
        label="Key"
        searchable
        placeholder="Choose a key"
        data={rule.path && !known.includes(rule.path) ? [rule.path, ...known] : known}
        value={rule.path || null}
        onChange={path => set({ ...rule, path: path ?? '' })}
      />
    )
  const list = rule[source] ?? []
  return (
    <>
      <TagsInput
        label="Keys, in their order"
        data={known}
        maxTags={20}
        value={list}
        onChange={next => set({ ...rule, [source]: next })}
      />
      {source === 'join' && (
        <TextInput
          label="Between them"
          placeholder="a space"
          maxLength={20}
          value={rule.separator ?? ''}
          onChange={({ currentTarget: { value } }) => {
            const { separator: _, ...rest } = rule
            set(value ? { ...rest, separator: value } : rest)
          }}
        />
      )}
    </>
  )
}

/** In the order in which they are done. */
function Changes({ rule, set }: PartProps) {
  const { split: _, lower: __, e164: ___, date: ____, ...rest } = rule
  const { split, lower, e164, date } = rule
  const put = (changes: Asked<Pick<MappingRule, 'split' | 'lower' | 'e164' | 'date'>>) => {
    const all = Object.entries({ split, lower, e164, date, ...changes }).filter(([, value]) => value)
    set({ ...rest, ...Object.fromEntries(all) })
  }
  return (
    <>
      <Group gap="xs" grow>
        <TextInput
          label="Split at"
          placeholder="not split"
          maxLength={20}
          value={split?.by ?? ''}
          onChange={({ currentTarget: { value } }) => put({ split: value ? { by: value, part: split?.part ?? 0 } : undefined })}
        />
        <NumberInput
          label="Take part"
          description={split && split.part < 0 ? 'from the end' : undefined}
          disabled={!split}
          min={-20}
          max={20}
          allowDecimal={false}
          value={split ? (split.part < 0 ? split.part : split.part + 1) : ''}
          onChange={value => split && value !== '' && put({ split: { by: split.by, part: partOf(Number(value)) } })}
        />
      </Group>
      <Group gap="xs" grow>
        <Select
          label="Phone of"
          placeholder="as it is"
          clearable
          searchable
          data={countries()}
          value={e164 ?? null}
          onChange={value => put({ e164: value ?? undefined })}
        />
        <Select
          label="Date written as"
          placeholder="as it is"
          clearable
          data={DATES}
          value={date ?? null}
          onChange={value => put({ date: (value as MappingRule['date']) ?? undefined })}
        />
      </Group>
      <Checkbox
        label="In lower case"
        checked={lower ?? false}
        onChange={({ currentTarget: { checked } }) => put({ lower: checked || undefined })}
      />
      <Translations rule={rule} set={set} />
    </>
  )
}

/** People count from one, and from the end below nought. */
function partOf(shown: number) {
  return shown > 0 ? shown - 1 : shown || -1
}
