import { Checkbox, Collapse } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { sentence } from '../../events/describe.ts'
import { chosenOf, type Group, hears, isGiven } from './chooseEvents.ts'

type Props = { group: Group; value: string[]; onGroup: (on: boolean) => void; onType: (type: string, on: boolean) => void }

/** A group with a checkbox for all of it, and its events behind it. */
export function EventGroup({ group, value, onGroup, onType }: Props) {
  const { given, all, chosen } = chosenOf(value, group)
  // Those that most people come for, and those of which only some are chosen.
  const [opened, setOpened] = useState(chosen > 0 ? !all : group.name === 'funnel')
  const id = useId()
  const name = sentence(group.name)
  return (
    <li>
      <div className="events-group">
        <Checkbox
          label={
            <>
              {name} <span className="muted">{all ? 'all of this group' : `${chosen} of ${group.types.length}`}</span>
            </>
          }
          checked={all}
          indeterminate={!all && chosen > 0}
          disabled={given}
          onChange={event => onGroup(event.currentTarget.checked)}
        />
        <button
          type="button"
          className="events-toggle"
          aria-expanded={opened}
          aria-controls={id}
          aria-label={`${name}: its events`}
          onClick={() => setOpened(!opened)}
        >
          <IconChevronRight size={15} stroke={1.7} aria-hidden />
        </button>
      </div>
      <Collapse expanded={opened} id={id}>
        <ul className="events-types">
          {group.types.map(kind => (
            <li key={kind.type}>
              <Checkbox
                size="xs"
                label={<span className="mono">{kind.type}</span>}
                description={kind.title}
                checked={hears(value, kind)}
                disabled={isGiven(value, kind)}
                onChange={event => onType(kind.type, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      </Collapse>
    </li>
  )
}
