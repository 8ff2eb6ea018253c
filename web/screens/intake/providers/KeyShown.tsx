import type { ProviderCreated } from '../../../../shared/intake.ts'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'

/** The key of a provider, the one time that it is shown, and how it is sent. */
export function KeyShown({ provider: { provider_id, api_key } }: { provider: ProviderCreated }) {
  return (
    <div className="provider-key">
      <p>This is the key that it sends its leads with. Copy it now: it is shown this one time and never again.</p>
      <CodeBlock label="key" text={api_key} />
      <p>Give the provider these two headers; they go with every request to a webhook.</p>
      <CodeBlock label="headers" text={`lead-source-provider-id: ${provider_id}\nx-api-key: ${api_key}`} />
    </div>
  )
}
