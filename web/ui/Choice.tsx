import { Select } from '@mantine/core'

type Props = {
  label: string
  choices: { value: string; label: string }[]
  disabled?: boolean
  title?: string | undefined
  choose: (value: string) => void
}

/** A field that does something as soon as something is chosen, and is empty again: no wider than what it says. */
export function Choice({ label, choices, disabled = false, title, choose }: Props) {
  return (
    <Select
      aria-label={label.replace('…', '')}
      placeholder={label}
      title={title}
      w={`calc(${label.length}ch + 52px)`}
      comboboxProps={{ width: 220, position: 'bottom-start' }}
      data={choices}
      value={null}
      disabled={disabled}
      onChange={value => value !== null && choose(value)}
    />
  )
}
