import { Button, CopyButton, Group, Modal } from '@mantine/core'
import { saveFile } from '../../ui/saveFile.ts'

/** The one time that they are shown: closed by a button alone. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const text = `${codes.join('\n')}\n`
  return (
    <Modal
      opened
      onClose={onClose}
      title="Your recovery codes"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      size="lg"
    >
      <p>
        Keep them where you find them without your phone. Each signs you in once, instead of a code of the app. They are shown
        this one time and never again.
      </p>
      <ol className="account-codes mono">
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Group justify="flex-end">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={() => saveFile('recovery-codes.txt', new Blob([text], { type: 'text/plain' }))}>
          Save as a file
        </Button>
        <Button onClick={onClose}>I have kept them</Button>
      </Group>
    </Modal>
  )
}
