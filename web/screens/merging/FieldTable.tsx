import type { MergePreview } from '../../../shared/identity.ts'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'

/** Field by field: this one, the other one, and what remains. */
export function FieldTable({ preview: { fields, winner_id, loser_id } }: { preview: MergePreview }) {
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
          {said.map(({ field, winner, loser, merged }) => (
            <tr key={field} data-differs={differ(winner, loser) || undefined}>
              <th scope="row">{sentence(field)}</th>
              <td data-kept={!differ(winner, merged) || undefined}>{valueText(winner)}</td>
              <td data-kept={!differ(loser, merged) || undefined}>{valueText(loser)}</td>
              <td>
                <b>{valueText(merged)}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function differ(one: unknown, other: unknown) {
  return JSON.stringify(one) !== JSON.stringify(other)
}
