import { IconArrowNarrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { fields as ownFields } from '../../api/fields.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { moment } from '../../ui/times.ts'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'
import { fieldText } from '../fields/fieldText.tsx'
import { useUserName } from '../leads/useUsers.ts'
import { changed, type Facts, isTime } from './changed.ts'

const SHOWN = 4
const USERS: Record<string, string> = { assigned_to: 'Assigned to', owner_id: 'Owner' }

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
          if (isTime(value)) return moment(value)
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
