import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { IntakeDeliveryShown } from '../../../../shared/intake.ts'
import { intakeFormats } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { type Fact, Facts } from '../../../ui/Facts.tsx'
import { JsonView } from '../../../ui/JsonView.tsx'
import { Section } from '../../../ui/Section.tsx'
import { absolute, moment } from '../../../ui/times.ts'
import { size, whyOf } from '../words.ts'
import { DeliveryState, LeadLink } from './columns.tsx'

type Props = { delivery: IntakeDeliveryShown }

/** What became of it, and what was wrong with which field. */
export function Understood({ delivery }: Props) {
  const { fields, results, answered } = delivery
  const wrong = Object.entries(fields ?? {})
  return (
    <div>
      <Section title="What became of it">
        <About delivery={delivery} />
      </Section>
      {wrong.length > 0 && (
        <Section title="Fields that were not understood">
          <Facts
            facts={wrong.map(
              ([name, problem]): Fact => [
                name,
                <span key={name} className="received-error">
                  {problem}
                </span>,
              ],
            )}
          />
        </Section>
      )}
      {results && results.length > 1 && (
        <Section title={`${results.length} leads in it`}>
          <ol className="received-parts">
            {results.map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a part has no other name than its place
              <li key={index}>
                <span className="muted number">{index + 1}</span>
                <DeliveryState delivery={part} />
                <span>
                  {part.lead_id !== null && <LeadLink delivery={{ lead_id: part.lead_id, parts: 1 }} />}{' '}
                  {part.state !== 'accepted' && <span className="muted">{whyOf({ reason: part.reason, error: null })}</span>}
                </span>
              </li>
            ))}
          </ol>
        </Section>
      )}
      {answered !== null && (
        <Section title="What was answered">
          <JsonView value={answered} />
        </Section>
      )}
    </div>
  )
}

function About({ delivery }: Props) {
  const workspaceId = String(useWorkspaceId())
  const { webhook_id, webhook, provider_id, contact_id, lead_id, results, tries, received_at, processed_at } = delivery
  const is_existing = results?.[0]?.contact_status === 'existing'
  return (
    <Facts
      facts={[
        ['Lead', lead_id === null ? null : <LeadLink key="lead" delivery={delivery} />],
        [
          'Contact',
          contact_id === null ? null : (
            <>
              <Link
                className="text-link"
                to="/w/$workspaceId/contacts/$contactId"
                params={{ workspaceId, contactId: String(contact_id) }}
              >
                {contact_id}
              </Link>{' '}
              {results?.length === 1 && <span className="muted">{is_existing ? 'was known' : 'is new'}</span>}
            </>
          ),
        ],
        [
          'Webhook',
          <Link
            key="webhook"
            className="text-link"
            to="/w/$workspaceId/intake/$webhookId"
            params={{ workspaceId, webhookId: String(webhook_id) }}
          >
            {webhook}
          </Link>,
        ],
        [
          'Provider',
          provider_id && (
            <Link
              className="text-link"
              to="/w/$workspaceId/providers/$providerId"
              params={{ workspaceId, providerId: provider_id }}
            >
              {provider_id}
            </Link>
          ),
        ],
        ['Received', <Moment key="received" at={received_at} />],
        ['Processed', processed_at && <Moment at={processed_at} />],
        ['Tries', tries > 1 ? tries : null],
      ]}
    />
  )
}

/** The request, byte for byte as far as it is text. */
export function AsItCame({ delivery }: Props) {
  const { data } = useQuery(intakeFormats(useWorkspaceId()))
  const { method, query, body, bytes, content_type, headers, ip, format, delivery_key } = delivery
  const title = data?.data.find(({ name }) => name === format)?.title ?? format
  return (
    <div>
      <Section title="Body as it came">
        <div className="received-said">
          {!body ? (
            <p className="muted">It is empty.</p>
          ) : /^\s*[{[]/.test(body) ? (
            <JsonView value={body} />
          ) : (
            <CodeBlock label="body" text={body} />
          )}
        </div>
      </Section>
      <Section title="Request">
        <Facts
          facts={[
            ['Method', method],
            ['Query', query && <span className="mono">{query}</span>],
            ['Read as', title],
            ['Content type', content_type && <span className="mono">{content_type}</span>],
            ['Size', size(bytes)],
            ['From address', ip && <span className="mono">{ip}</span>],
            ["The sender's id", delivery_key && <span className="mono">{delivery_key}</span>],
          ]}
        />
      </Section>
      <Section title="Headers">
        <Facts
          facts={Object.entries(headers).map(
            ([name, value]): Fact => [
              name,
              <span key={name} className="mono">
                {value}
              </span>,
            ],
          )}
        />
      </Section>
    </div>
  )
}

function Moment({ at }: { at: string }) {
  return (
    <time className="number" dateTime={at} title={absolute(at)}>
      {moment(at)}
    </time>
  )
}
