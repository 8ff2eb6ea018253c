import { NumberInput, type NumberInputProps } from '@mantine/core'
import { useState } from 'react'

type Props = Omit<NumberInputProps, 'value' | 'onChange'> & { value: number; onChange: (value: number) => void }

/** A number that is always there: who empties the field to type another one finds it empty, who leaves it so finds what it was. */
export function WholeNumber({ value, onChange, ...input }: Props) {
  const [is_empty, setEmpty] = useState(false)
  return (
    <NumberInput
      allowDecimal={false}
      {...input}
      value={is_empty ? '' : value}
      onChange={typed => {
        setEmpty(typed === '')
        if (typed !== '') onChange(Number(typed))
      }}
      onBlur={() => setEmpty(false)}
    />
  )
}

/** The same in minutes, by the quarter of an hour. */
export function Minutes(input: Props) {
  return <WholeNumber suffix=" min" min={0} max={1440} step={15} {...input} />
}
