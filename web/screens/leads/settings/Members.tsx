import { ActionIcon, NumberInput, Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { AssignmentMember } from '../../../../shared/assignment.ts'
import { useUserChoices, useUserName } from '../useUsers.ts'

export type Member = Pick<AssignmentMember, 'user_id' | 'weight' | 'cap_day'>

/** The people of a rule, each with a share and a limit. */
export function Members({ members, onChange }: { members: Member[]; onChange: (members: Member[]) => void }) {
  const nameOfUser = useUserName()
  const people = useUserChoices().filter(({ value }) => !members.some(({ user_id }) => String(user_id) === value))
  const set = (index: number, change: Partial<Member>) =>
    onChange(members.map((member, at) => (at === index ? { ...member, ...change } : member)))
  return (
    <>
      {members.length > 0 && (
        <ul className="setting-rows" aria-label="People">
          {members.map((member, index) => {
            const name = nameOfUser(member.user_id)
            return (
              <li key={member.user_id} className="member-row">
                <span className="cut">{name}</span>
                <NumberInput
                  aria-label={`Share of ${name}`}
                  prefix="share "
                  min={1}
                  max={100}
                  allowDecimal={false}
                  value={member.weight}
                  onChange={weight => set(index, { weight: Number(weight) || 1 })}
                />
                <NumberInput
                  aria-label={`At most a day for ${name}`}
                  placeholder="no limit"
                  suffix=" a day"
                  min={0}
                  allowDecimal={false}
                  hideControls
                  value={member.cap_day ?? ''}
                  onChange={cap => set(index, { cap_day: cap === '' ? null : Number(cap) })}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${name}`}
                  onClick={() => onChange(members.filter(({ user_id }) => user_id !== member.user_id))}
                >
                  <IconX size={15} stroke={1.7} />
                </ActionIcon>
              </li>
            )
          })}
        </ul>
      )}
      <Select
        aria-label="Add somebody"
        placeholder={people.length ? 'Add somebody…' : 'Everybody is in it'}
        searchable
        disabled={!people.length}
        data={people}
        value={null}
        onChange={id => id && onChange([...members, { user_id: Number(id), weight: 1, cap_day: null }])}
      />
    </>
  )
}
