import { ActionIcon, Button, Group } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react'

type MatchKey = 'user_id' | 'email' | 'phone'
type Props = { value: MatchKey[]; onChange: (value: MatchKey[]) => void }

const NAMES: Record<MatchKey, [name: string, about: string]> = {
  user_id: ['User id', 'in your own application'],
  email: ['E-mail', 'compared without case'],
  phone: ['Phone', 'with another name: only a suggestion'],
}

/** The order in which somebody is looked for. */
export function MatchKeys({ value, onChange }: Props) {
  const missing = (Object.keys(NAMES) as MatchKey[]).filter(key => !value.includes(key))
  return (
    <div>
      <ol className="settings-keys" aria-label="Order of the match keys">
        {value.map((key, index) => (
          <li key={key}>
            <span className="number muted">{index + 1}</span>
            <span className="settings-key">
              <b>{NAMES[key][0]}</b> <span className="muted">{NAMES[key][1]}</span>
            </span>
            <Move
              label={`${NAMES[key][0]} earlier`}
              icon={IconArrowUp}
              disabled={index === 0}
              onClick={() => onChange(swapped(value, index, index - 1))}
            />
            <Move
              label={`${NAMES[key][0]} later`}
              icon={IconArrowDown}
              disabled={index === value.length - 1}
              onClick={() => onChange(swapped(value, index, index + 1))}
            />
            <Move
              label={`Do not match by ${NAMES[key][0]}`}
              icon={IconX}
              disabled={value.length === 1}
              onClick={() => onChange(value.filter(other => other !== key))}
            />
          </li>
        ))}
      </ol>
      <Group gap="xs">
        {missing.map(key => (
          <Button
            key={key}
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={13} />}
            onClick={() => onChange([...value, key])}
          >
            {NAMES[key][0]}
          </Button>
        ))}
      </Group>
    </div>
  )
}

type MoveProps = { label: string; icon: typeof IconX; disabled: boolean; onClick: () => void }

function Move({ label, icon: Sign, ...props }: MoveProps) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} {...props}>
      <Sign size={15} stroke={1.7} />
    </ActionIcon>
  )
}

function swapped<T>(list: T[], one: number, other: number) {
  const next = [...list]
  ;[next[one], next[other]] = [next[other]!, next[one]!]
  return next
}
