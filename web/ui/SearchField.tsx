import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useKeys } from './keyboard.ts'

type Props = { label: string; value: string | undefined; onChange: (value: string | undefined) => void }

const PAUSE_MS = 180

/** `/` comes here, Esc clears, ArrowDown goes on to the list. */
export function SearchField({ label, value, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value ?? '')
  /** What was asked of the address and is not there yet, the oldest first. */
  const asked = useRef<(string | undefined)[]>([])
  useEffect(() => {
    const own = asked.current.indexOf(value)
    asked.current.splice(0, own < 0 ? asked.current.length : own + 1)
    // The address changed by other means than typing: back, a link, another screen. Else what was typed since stays.
    if (own < 0) setTyped(typed => (typed.trim() === (value ?? '') ? typed : (value ?? '')))
  }, [value])

  const ask = useEffectEvent(() => {
    const wanted = typed.trim() || undefined
    if (wanted === (asked.current.length > 0 ? asked.current.at(-1) : value)) return
    asked.current.push(wanted)
    onChange(wanted)
  })
  useEffect(() => {
    const pause = setTimeout(ask, typed ? PAUSE_MS : 0)
    return () => clearTimeout(pause)
  }, [typed])

  const clear = () => setTyped('')
  useKeys({
    '/': () => input.current?.select(),
    Escape: clear,
  })

  return (
    <TextInput
      ref={input}
      className="toolbar-search"
      aria-label={label}
      placeholder={label}
      aria-keyshortcuts="/"
      value={typed}
      onChange={event => setTyped(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'ArrowDown' || event.key === 'Enter') document.querySelector<HTMLElement>('[role="grid"]')?.focus()
        if (event.key !== 'Escape') return
        if (typed) clear()
        else input.current?.blur()
      }}
      leftSection={<IconSearch size={15} stroke={1.7} />}
      rightSection={typed ? <CloseButton size="sm" aria-label="Clear the search" onClick={clear} /> : <Kbd size="xs">/</Kbd>}
    />
  )
}
