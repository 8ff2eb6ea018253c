import { Button, Group, Text } from '@mantine/core'
import { CodeBlock } from '../../ui/CodeBlock.tsx'

/** The one time that the whole of a new key is shown. */
export function KeyText({ text, secret, close }: { text: string; secret: boolean; close: () => void }) {
  return (
    <>
      <Text size="sm" mb="sm">
        {secret ? 'Copy it now: it is shown this one time and never again.' : 'It may stand in a page: it can only send events.'}
      </Text>
      <CodeBlock label="key" text={text} />
      <Group justify="flex-end" mt="lg">
        <Button onClick={close}>{secret ? 'I have copied it' : 'Done'}</Button>
      </Group>
    </>
  )
}
