import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import './copy-text.css'

/** A value that people copy, cut where there is no room; `label` names it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  return (
    <span className="copy-text">
      <span className="mono cut" title={text}>
        {text}
      </span>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              onClick={copy}
              aria-label={copied ? `Copied the ${label}` : `Copy the ${label}`}
            >
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  )
}
