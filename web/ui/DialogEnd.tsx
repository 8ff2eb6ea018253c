import { Alert, Button, Group } from '@mantine/core'

type Props = { submit: string; disabled: boolean; saving: boolean; error: Error | null; cancel: () => void }

/** What went wrong, and the buttons of a form in a dialog. `submit`: what the second one does. */
export function DialogEnd({ submit, disabled, saving, error, cancel }: Props) {
  return (
    <>
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={disabled} loading={saving}>
          {submit}
        </Button>
      </Group>
    </>
  )
}
