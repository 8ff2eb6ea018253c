import { Tabs } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { JsonView } from '../../../ui/JsonView.tsx'
import { Pieces } from '../../../ui/Pieces.tsx'

type Props = { event: WebhookEvent; opened: boolean; toggle: () => void }

export function EventEntry({ event, opened, toggle }: Props) {
  const { type, title, description, schema, example } = event
  const row = useRef<HTMLLIElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where somebody arrives by an address that names it
  useEffect(() => {
    if (opened) row.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <li ref={row} className="webhook-event">
      <button type="button" aria-expanded={opened} onClick={toggle}>
        <IconChevronRight size={15} stroke={1.7} aria-hidden />
        <span className="mono">{type}</span>
        <span className="webhook-event-title cut">
          <b>{title}</b>
          {!opened && description.replaceAll('`', '')}
        </span>
      </button>
      {opened && (
        <div className="webhook-event-more">
          <p>
            <Pieces text={description} />
          </p>
          <Tabs defaultValue="example" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="example">Example</Tabs.Tab>
              <Tabs.Tab value="schema">Schema of data</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="example" pt="sm">
              <JsonView value={example} />
            </Tabs.Panel>
            <Tabs.Panel value="schema" pt="sm">
              <JsonView value={schema} />
            </Tabs.Panel>
          </Tabs>
        </div>
      )}
    </li>
  )
}
