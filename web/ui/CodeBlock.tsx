import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import './code-block.css'

/** Code to read and to copy. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  return (
    <div className="code-block">
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            className="code-block-copy"
            variant="default"
            size="compact-xs"
            onClick={copy}
            aria-label={copied ? `Copied the ${label}` : `Copy the ${label}`}
            leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} stroke={1.6} />}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
