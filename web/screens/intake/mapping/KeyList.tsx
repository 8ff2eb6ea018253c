import type { KeyboardEvent } from 'react'
import type { IntakeKeys, Mapping } from '../../../../shared/intake.ts'
import { NARROW } from '../../../ui/narrow.ts'
import { count, whole } from '../../../ui/numbers.ts'
import { filledBy } from './draft.ts'

type Props = {
  keys: IntakeKeys
  mapping: Mapping
  stored: Mapping | null
  picked: string | undefined
  /** undefined: they can only be looked at. */
  pick: ((key: string | undefined) => void) | undefined
}

/** The keys that came, with examples and the field that each fills. */
export function KeyList({ keys: { data, deliveries, targets }, mapping, stored, picked, pick }: Props) {
  const nameOf = (field: string) => targets.find(({ name }) => name === field)?.label ?? field
  return (
    <section className="mapping-column" aria-label="What came">
      <header>
        <h2>What came</h2>
        <p>{count(deliveries, 'delivery', 'deliveries')}. Click a key, then its field.</p>
      </header>
      <ul>
        {data.map(key => {
          const filled = filledBy(key, mapping, stored)
          return (
            <li key={key.key}>
              <button
                type="button"
                className="mapping-key"
                aria-pressed={picked === key.key}
                disabled={!pick}
                onKeyDown={step}
                onClick={({ detail }) => {
                  pick?.(picked === key.key ? undefined : key.key)
                  const filter = document.querySelector('.mapping-filter')
                  if (matchMedia(NARROW).matches) filter?.scrollIntoView({ block: 'start' })
                  // Pressed and not clicked: the hands are at the keyboard.
                  if (detail === 0) filter?.querySelector('input')?.focus()
                }}
              >
                <span className="mapping-key-name mono">{key.key}</span>
                <span className="mapping-key-target" data-by={filled?.by}>
                  {filled ? nameOf(filled.field) : 'kept as it is'}
                </span>
                <span className="mapping-key-example cut muted" title={key.examples.join('\n')}>
                  {key.examples[0] ?? 'empty'}
                </span>
                {key.seen < deliveries && (
                  <span className="mapping-key-seen muted number">
                    {whole(key.seen)} of {whole(deliveries)}
                  </span>
                )}
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Arrow keys go from key to key. */
export function step(event: KeyboardEvent<HTMLElement>) {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const section = event.currentTarget.closest('section')
  if (!by || !section) return
  event.preventDefault()
  const all = [...section.querySelectorAll<HTMLElement>('.mapping-key, .mapping-field-name')]
  all[all.indexOf(event.currentTarget) + by]?.focus()
}
