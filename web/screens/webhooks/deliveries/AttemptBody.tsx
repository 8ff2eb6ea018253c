import type { ReactNode } from 'react'
import type { Attempt } from '../../../../shared/webhooks.ts'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { Facts } from '../../../ui/Facts.tsx'
import { JsonView } from '../../../ui/JsonView.tsx'

/** What was said in both directions, or in one. */
export function AttemptBody({ attempt, part }: { attempt: Attempt; part?: 'answer' | 'request' }) {
  return (
    <>
      {part === undefined && attempt.error && <p>{attempt.error}</p>}
      {part !== 'request' && <Answer attempt={attempt} />}
      {part !== 'answer' && (
        <>
          <h4>Headers of the request</h4>
          <Facts facts={facts(attempt.request_headers)} />
        </>
      )}
    </>
  )
}

function Answer({ attempt: { response_body, response_headers, truncated } }: { attempt: Attempt }) {
  if (!response_headers) return <p className="muted">No answer came.</p>
  return (
    <>
      <h4>Answer</h4>
      {response_body ? <Said text={response_body} /> : <p className="muted">Its body is empty.</p>}
      {truncated && <p className="muted">Only its beginning is kept.</p>}
      <h4>Headers of the answer</h4>
      <Facts facts={facts(response_headers)} />
    </>
  )
}

function Said({ text }: { text: string }) {
  if (/^\s*[{[]/.test(text)) return <JsonView value={text} />
  return (
    <div className="attempt-said-text">
      <CodeBlock label="answer" text={text} />
    </div>
  )
}

function facts(headers: Record<string, string>) {
  return Object.entries(headers).map(([name, value]): [string, ReactNode] => [
    name,
    <span key={name} className="mono">
      {value}
    </span>,
  ])
}
