import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { intakeFormats } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { Instructions } from '../../../ui/Instructions.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'

/** How somebody makes leads come: the address, a line to try it with, and the steps at each sender. */
export function SetupTab({ webhook }: { webhook: IntakeWebhook }) {
  const { url, format, last_received_at } = webhook
  // Another format than these understands no plain JSON.
  const is_open = format === 'auto' || format === 'generic'
  return (
    <>
      <Section title="Address" about="Whoever sends leads posts them here. Nothing else is needed.">
        <CodeBlock label="address of the webhook" text={url} />
      </Section>
      <Section
        title="Try it"
        about={
          is_open
            ? 'This sends one lead from a terminal. It appears under Received within a second.'
            : 'Send a test from where it is set up, as below. It appears under Received within a second.'
        }
      >
        {is_open && <CodeBlock label="command" text={curlOf(webhook)} />}
        <p className="intake-heard" role="status">
          {last_received_at ? (
            <>
              Last received <RelativeTime at={last_received_at} />.
            </>
          ) : (
            'Nothing has come yet. This page notices by itself when it does.'
          )}
        </p>
      </Section>
      <Steps webhook={webhook} />
    </>
  )
}

function curlOf({ url, require_provider }: IntakeWebhook) {
  const lead = { first_name: 'Sarah', last_name: 'Miller', email: 'sarah@example.com', phone: '+1 415 555 0134' }
  const key = require_provider ? `\n  -H 'lead-source-provider-id: the provider' \\\n  -H 'x-api-key: its key' \\` : ''
  return `curl -X POST '${url}' \\${key}\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(lead)}'`
}

function Steps({ webhook: { id, url, format } }: { webhook: IntakeWebhook }) {
  const workspace_id = useWorkspaceId()
  const [chosen, choose] = useState<string>()
  const { data, error, refetch } = useQuery(intakeFormats(workspace_id))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The steps could not be loaded" />
  if (!data) return <Skeleton height={140} w="auto" m="var(--edge)" />
  const asked = chosen ?? (format === 'auto' ? 'generic' : format)
  const known = data.data.find(({ name }) => name === asked)
  const secrets = known?.secrets ?? []
  return (
    <Section title="Steps at the sender">
      <Select
        aria-label="Sender"
        w={300}
        maw="100%"
        allowDeselect={false}
        searchable
        data={data.data.map(({ name, title }) => ({ value: name, label: title }))}
        value={asked}
        onChange={value => choose(value ?? undefined)}
      />
      {known && <Instructions text={known.instructions.replaceAll('{address}', url)} />}
      {secrets.length > 0 && (
        <p className="intake-heard">
          {secrets.some(({ required }) => required) ? 'It needs ' : 'It can have '}
          {new Intl.ListFormat('en', { type: 'conjunction' }).format(secrets.map(({ label }) => `“${label}”`))}:{' '}
          <Link
            className="text-link"
            to="/w/$workspaceId/intake/$webhookId"
            params={{ workspaceId: String(workspace_id), webhookId: String(id) }}
            search={{ tab: 'settings' }}
          >
            enter it in the settings
          </Link>
          .
        </p>
      )}
    </Section>
  )
}
