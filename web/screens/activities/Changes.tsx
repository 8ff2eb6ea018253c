import { IconArrowNarrowRight } from '@tabler/icons-react'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'

type Facts = Record<string, unknown> | null
const SHOWN = 4

/** Field by field, from what to what. */
export function Changes({ before, after }: { before: Facts; after: Facts }) {
  const fields = changed(before ?? {}, after ?? {})
  if (!fields.length) return null
  return (
    <span className="activity-changes">
      {fields.slice(0, SHOWN).map(field => (
        <span key={field} className="activity-change">
          {sentence(field)}
          {before && field in before && (
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
  return fields.filter(field => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
}
