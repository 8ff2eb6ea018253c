import { Button, Text } from '@mantine/core'

type Props = { submit: string; saving: boolean; error: Error | null; disabled?: boolean }

/** What went wrong, and the button of a form at the door. */
export function DoorEnd({ submit, saving, error, disabled }: Props) {
  return (
    <>
      <DoorError error={error} />
      <Button type="submit" fullWidth size="md" mt="lg" loading={saving} disabled={disabled ?? false}>
        {submit}
      </Button>
    </>
  )
}

export function DoorError({ error }: { error: Error | null }) {
  if (!error) return null
  return (
    <Text c="red" size="sm" mt="md" role="alert">
      {error.message}
    </Text>
  )
}
