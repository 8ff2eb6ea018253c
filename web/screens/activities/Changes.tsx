import { IconArrowNarrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { fields as ownFields } from '../../api/fields.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'
import { fieldText } from '../fields/fieldText.tsx'

type Facts = Record<string, unknown> | null
const SHOWN = 4
/** The name stands beside it. */
const UNSAID = new Set(['segment_id', 'tag_id'])

/** Field by field, from what to what. A field that the action names already (`stage_changed`) is not named again. */
export function Changes({ before, after, said }: { before: Facts; after: Facts; said: string }) {
  const fields = changed(before ?? {}, after ?? {})
  const { data: own = [] } = useQuery({ ...ownFields(useWorkspaceId()), enabled: fields.some(isOwn) })
  if (!fields.length) return null
  return (
    <span className="activity-changes">
      {fields.slice(0, SHOWN).map(field => {
        const of_ours = own.find(({ key, noun }) => field === `custom.${key}` && said.startsWith(noun))
        const text = (value: unknown) => (of_ours && fieldText(of_ours, value)) ?? valueText(value)
        return (
          <span key={field} className="activity-change">
            {!said.includes(`.${field}_`) && (of_ours?.label ?? sentence(field.replace(/^(custom|properties)\./, '')))}
            {before && before[field] !== null && before[field] !== undefined && (
              <>
                <del>{text(before[field])}</del>
                <IconArrowNarrowRight size={14} stroke={1.5} aria-label="to" />
              </>
            )}
            <ins>{text(after?.[field])}</ins>
          </span>
        )
      })}
      {fields.length > SHOWN && <span>and {fields.length - SHOWN} more</span>}
    </span>
  )
}

const isOwn = (field: string) => field.startsWith('custom.')

function changed(before: NonNullable<Facts>, after: NonNullable<Facts>) {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return fields.filter(
    field => !UNSAID.has(field) && JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null),
  )
}
