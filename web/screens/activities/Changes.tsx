import { IconArrowNarrowRight } from '@tabler/icons-react'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'

type Facts = Record<string, unknown> | null
const SHOWN = 4
/** The name stands beside it. */
const UNSAID = new Set(['segment_id', 'tag_id'])

/** Field by field, from what to what. A field that the action names already (`stage_changed`) is not named again. */
export function Changes({ before, after, said }: { before: Facts; after: Facts; said: string }) {
  const fields = changed(before ?? {}, after ?? {})
  if (!fields.length) return null
  return (
    <span className="activity-changes">
      {fields.slice(0, SHOWN).map(field => (
        <span key={field} className="activity-change">
          {!said.includes(`.${field}_`) && sentence(field)}
          {before && before[field] !== null && before[field] !== undefined && (
            <>
              <del>{valueText(before[field])}</del>
              <IconArrowNarrowRight size={14} stroke={1.5} aria-label="to" />
            </>
          )}
          <ins>{valueText(after?.[field])}</ins>
        </span>
      ))}
      {fields.length > SHOWN && <span>and {fields.length - SHOWN} more</span>}
    </span>
  )
}

function changed(before: NonNullable<Facts>, after: NonNullable<Facts>) {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return fields.filter(
    field => !UNSAID.has(field) && JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null),
  )
}
