import { ActionIcon, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import './json-view.css'

/** Raw JSON, coloured quietly, to read and to copy. */
export function JsonView({ value }: { value: unknown }) {
  const text = typeof value === 'string' ? pretty(value) : JSON.stringify(value, null, 2)
  return (
    <div className="json-view">
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon
            className="json-view-copy"
            variant="subtle"
            color="gray"
            size="sm"
            onClick={copy}
            aria-label={copied ? 'Copied' : 'Copy the JSON'}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.6} />}
          </ActionIcon>
        )}
      </CopyButton>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard */}
      <pre tabIndex={0}>{colour(text)}</pre>
    </div>
  )
}

function pretty(text: string) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text // not JSON: that may be why it was refused
  }
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi

function colour(text: string) {
  const parts = []
  let at = 0
  for (const match of text.matchAll(TOKEN)) {
    const [all, string, colon] = match
    const kind = string ? (colon ? 'name' : 'string') : 'plain'
    const shown = string && colon ? string : all
    parts.push(
      text.slice(at, match.index),
      <span key={match.index} data-kind={kind}>
        {shown}
      </span>,
    )
    at = match.index + shown.length
  }
  return [...parts, text.slice(at)]
}
