import { Select } from '@mantine/core'
import type { Leaf } from '../../../../shared/segments.ts'
import { RemoveRow } from '../../../ui/FormRows.tsx'
import { ConversionFields } from './ConversionFields.tsx'
import { DwellFields } from './DwellFields.tsx'
import { FIRST } from './draft.ts'
import { EventFields } from './EventFields.tsx'
import { FieldFields } from './FieldFields.tsx'
import { LeadFields } from './LeadFields.tsx'
import { PropertyFields } from './PropertyFields.tsx'
import { StageFields } from './StageFields.tsx'
import { TagFields } from './TagFields.tsx'

/** What each kind begins with. */
const KINDS: Record<Leaf['kind'], { label: string; first: Leaf }> = {
  event: { label: 'What they did', first: FIRST },
  property: { label: 'Who they are', first: { kind: 'property', name: '', is: 'equals', value: '' } },
  field: { label: 'Your own fields', first: { kind: 'field', field: '', is: 'is', value: '' } },
  segment: { label: 'How much they watched', first: { kind: 'segment', segment: 'hot' } },
  stage: { label: 'How far they are', first: { kind: 'stage', stage: 'engaged' } },
  lead: { label: 'Leads', first: { kind: 'lead', has: true } },
  tag: { label: 'Tags', first: { kind: 'tag', has: true, tag_id: 0 } },
  conversion: { label: 'Conversions', first: { kind: 'conversion', has: true } },
}
const CHOICES = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }))

type Props = { name: string; leaf: Leaf; set: (leaf: Leaf) => void; remove: (() => void) | undefined }

/** One condition, in a line. */
export function ConditionFields({ name, leaf, set, remove }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a line in every browser
    <div role="group" aria-label={name} className="segment-condition">
      <Select
        className="segment-kind"
        aria-label={`${name}: kind`}
        allowDeselect={false}
        data={CHOICES}
        value={leaf.kind}
        onChange={kind => kind && kind !== leaf.kind && set(KINDS[kind as Leaf['kind']].first)}
      />
      <div className="segment-fields">
        <Fields leaf={leaf} set={set} />
      </div>
      {remove && <RemoveRow label={`Remove ${name.toLowerCase()}`} onClick={remove} />}
    </div>
  )
}

function Fields({ leaf, set }: Pick<Props, 'leaf' | 'set'>) {
  switch (leaf.kind) {
    case 'property':
      return <PropertyFields rule={leaf} set={set} />
    case 'field':
      return <FieldFields rule={leaf} set={set} />
    case 'event':
      return <EventFields rule={leaf} set={set} />
    case 'segment':
      return <DwellFields rule={leaf} set={set} />
    case 'stage':
      return <StageFields rule={leaf} set={set} />
    case 'lead':
      return <LeadFields rule={leaf} set={set} />
    case 'tag':
      return <TagFields rule={leaf} set={set} />
    case 'conversion':
      return <ConversionFields rule={leaf} set={set} />
  }
}
