import { useQuery } from '@tanstack/react-query'
import type { MergePreview } from '../../../shared/identity.ts'
import { fields as ownFields } from '../../api/fields.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'
import { fieldText } from '../fields/fieldText.tsx'

/** Field by field: this one, the other one, and what remains. */
export function FieldTable({ preview: { fields, winner_id, loser_id } }: { preview: MergePreview }) {
  const { data: fields_of_ours = [] } = useQuery(ownFields(useWorkspaceId(), 'contact'))
  const said = fields.filter(({ field, winner, loser }, index) => {
    const first = fields.findIndex(other => other.field === field) === index
    return first && (winner !== null || loser !== null)
  })
  return (
    <div className="merging-scroll">
      <table className="merging-table">
        <thead>
          <tr>
            <th>Field</th>
            <th className="number">{winner_id}</th>
            <th className="number">{loser_id}</th>
            <th>After the merge</th>
          </tr>
        </thead>
        <tbody>
          {said.map(({ field, winner, loser, merged }) => {
            const own = fields_of_ours.find(({ key }) => field === `custom.${key}`)
            const text = (value: unknown) => (own && value !== null ? fieldText(own, value) : valueText(value))
            return (
              <tr key={field} data-differs={differ(winner, loser) || undefined}>
                <th scope="row">{own?.label ?? sentence(field)}</th>
                <td data-kept={!differ(winner, merged) || undefined}>{text(winner)}</td>
                <td data-kept={!differ(loser, merged) || undefined}>{text(loser)}</td>
                <td>
                  <b>{text(merged)}</b>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function differ(one: unknown, other: unknown) {
  return JSON.stringify(one) !== JSON.stringify(other)
}
