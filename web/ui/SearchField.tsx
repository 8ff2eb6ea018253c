import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useKeys } from './keyboard.ts'

type Props = { label: string; value: string | undefined; onChange: (value: string | undefined) => void }

const PAUSE_MS = 180

/** `/` comes here, Esc clears, ArrowDown goes on to the list. */
export function SearchField({ label, value, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value ?? '')
  const [known, setKnown] = useState(value)
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The address changed by other means than typing: back, a link, another screen.
  if (known !== value) {
    setKnown(value)
    if ((value ?? '') !== typed.trim()) setTyped(value ?? '')
  }
  useEffect(() => () => clearTimeout(pause.current), [])
  const clear = () => {
    if (typed) set('', 0)
  }
  useKeys({
    '/': () => input.current?.select(),
    Escape: clear,
  })

  const set = (text: string, wait = PAUSE_MS) => {
    setTyped(text)
    clearTimeout(pause.current)
    pause.current = setTimeout(() => onChange(text.trim() || undefined), wait)
  }
  return (
    <TextInput
      ref={input}
      className="toolbar-search"
      aria-label={label}
      placeholder={label}
      aria-keyshortcuts="/"
      value={typed}
      onChange={event => set(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'ArrowDown' || event.key === 'Enter') document.querySelector<HTMLElement>('[role="grid"]')?.focus()
        if (event.key !== 'Escape') return
        if (typed) set('', 0)
        else input.current?.blur()
      }}
      leftSection={<IconSearch size={15} stroke={1.7} />}
      rightSection={
        typed ? <CloseButton size="sm" aria-label="Clear the search" onClick={() => set('', 0)} /> : <Kbd size="xs">/</Kbd>
      }
    />
  )
}
