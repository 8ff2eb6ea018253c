import { IconArrowNarrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { fields as ownFields } from '../../api/fields.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { moment } from '../../ui/times.ts'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'
import { fieldText } from '../fields/fieldText.tsx'
import { useUserName } from '../leads/useUsers.ts'

type Facts = Record<string, unknown> | null
const SHOWN = 4
/** The name stands beside it, or it is said where it leads. */
const UNSAID = new Set(['id', 'segment_id', 'tag_id'])
const USERS: Record<string, string> = { assigned_to: 'Assigned to', owner_id: 'Owner' }
/** Whole, as the server writes it: what somebody wrote that only begins like one is text. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/

/** Field by field, from what to what. A field that the action names already (`stage_changed`) is not named again. */
export function Changes({ before, after, said }: { before: Facts; after: Facts; said: string }) {
  const fields = changed(before ?? {}, after ?? {})
  const { data: own = [] } = useQuery({ ...ownFields(useWorkspaceId()), enabled: fields.some(isOwn) })
  const nameOfUser = useUserName()
  if (!fields.length) return null
  return (
    <span className="activity-changes">
      {fields.slice(0, SHOWN).map(field => {
        const of_ours = own.find(({ key, noun }) => field === `custom.${key}` && said.startsWith(noun))
        const text = (value: unknown) => {
          if (field in USERS && typeof value === 'number') return nameOfUser(value)
          if (typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))) return moment(value)
          return (of_ours && fieldText(of_ours, value)) ?? valueText(value)
        }
        const label = of_ours?.label ?? USERS[field] ?? sentence(field.replace(/^(custom|properties)\./, ''))
        return (
          <span key={field} className="activity-change">
            {!said.includes(`.${field}_`) && `${label} `}
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

/** A flag of ours that begins with no, such as whether it is a test, says nothing; a no that somebody said does. */
function changed(before: NonNullable<Facts>, after: NonNullable<Facts>) {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const from = (field: string) =>
    JSON.stringify(before[field] ?? (field.startsWith('is_') && after[field] === false ? false : null))
  return fields.filter(field => !UNSAID.has(field) && from(field) !== JSON.stringify(after[field] ?? null))
}
