import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import { useState } from 'react'

type Props = Omit<AutocompleteProps, 'value' | 'onChange'> & {
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** A filter by a whole value, of those that are offered or any other: asked when one is chosen, at Enter, or when the field is left. */
export function TextFilter({ value, onChange, ...field }: Props) {
  const [typed, setTyped] = useState(value ?? '')
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    setSeen(value)
    setTyped(value ?? '')
  }
  const done = (text: string) => text.trim() !== (value ?? '') && onChange(text.trim() || undefined)
  return (
    <Autocomplete
      clearable
      {...field}
      value={typed}
      onChange={text => {
        setTyped(text)
        if (!text) done('')
      }}
      onOptionSubmit={done}
      onBlur={() => done(typed)}
      onKeyDown={({ key, currentTarget }) => {
        // With an option under the arrow keys, Enter chooses that one.
        if (key === 'Enter' && !currentTarget.getAttribute('aria-activedescendant')) done(typed)
      }}
    />
  )
}
