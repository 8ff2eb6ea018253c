import { Button, SimpleGrid, Text, TextInput } from '@mantine/core'

export const NOBODY = { first_name: '', last_name: '', email: '', phone: '' }

type Props = {
  given: typeof NOBODY
  set: (given: typeof NOBODY) => void
  problem: (field: string) => string | undefined
  other: (() => void) | undefined
}

/** With whom, when there is no contact yet. */
export function NewPerson({ given, set, problem, other }: Props) {
  const field = (name: keyof typeof NOBODY) => ({
    value: given[name],
    error: problem(name),
    onChange: ({ currentTarget }: React.ChangeEvent<HTMLInputElement>) => set({ ...given, [name]: currentTarget.value }),
  })
  return (
    <div className="dialog-form">
      <div className="dialog-whose">
        <Text size="sm">With somebody new. An e-mail or a phone that is known here finds the contact.</Text>
        <Button variant="default" size="compact-sm" style={{ flex: 'none' }} onClick={other}>
          Search
        </Button>
      </div>
      <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
        <TextInput data-autofocus label="First name" {...field('first_name')} />
        <TextInput label="Last name" {...field('last_name')} />
        <TextInput label="E-mail" type="email" {...field('email')} />
        <TextInput label="Phone" type="tel" {...field('phone')} />
      </SimpleGrid>
    </div>
  )
}
