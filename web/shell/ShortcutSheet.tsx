import { Kbd, Modal } from '@mantine/core'
import { Fragment } from 'react'
import { COMMAND } from './command.ts'
import { SCREENS } from './screens.ts'
import './shortcuts.css'

const LISTS: [string, string[]][] = [
  ['Next, previous', ['j', 'k']],
  ['The same', ['↓', '↑']],
  ['First, last', ['Home', 'End']],
  ['Open', ['Enter']],
  ['Choose, where rows can be chosen', ['x']],
  ['Search in the list', ['/']],
  ['Clear the search', ['Esc']],
]

const ANYWHERE: [string, string[]][] = [
  ['Search and commands', [`${COMMAND} K`]],
  ['This sheet', ['?']],
  ['Close a dialog', ['Esc']],
]

const CALENDAR: [string, string[]][] = [
  ['Back, forward', ['←', '→']],
  ['Today', ['t']],
  ['Day, week, month, agenda', ['1', '…', '4']],
  ['Move, confirm or complete an appointment', ['Tab', 'Enter']],
]

const CONTACT: [string, string[]][] = [
  ['Its tabs', ['1', '…', '8']],
  ['Edit the details', ['e']],
  ['Merge with another contact', ['m']],
  ['Back to the list', ['Backspace']],
]

const RECORDS: [string, string[]][] = [
  ['Tabs of a lead, an endpoint, an intake webhook', ['1', '…']],
  ['Tabs of reports, CRM and privacy', ['1', '…']],
  ['Edit an endpoint', ['e']],
  ['Send a test to an endpoint', ['t']],
  ['Back to the list', ['Backspace']],
]

export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size={640}>
      <div className="shortcuts">
        <Section title="Anywhere" rows={ANYWHERE} />
        <Section title="Go to" rows={SCREENS.map(({ title, key }) => [title, ['g', key]])} />
        <Section title="Lists" rows={LISTS} />
        <Section title="A contact" rows={CONTACT} />
        <Section title="Other records and screens" rows={RECORDS} />
        <Section title="The calendar" rows={CALENDAR} />
      </div>
    </Modal>
  )
}

function Section({ title, rows }: { title: string; rows: [string, string[]][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(([what, keys]) => (
          <Fragment key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map(key => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}
