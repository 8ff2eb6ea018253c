import { Tabs } from '@mantine/core'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { SNIPPETS } from './snippets.ts'
import './secret-shown.css'

/** A secret, the one time that it is shown, and how a receiver checks with it that a request is ours. */
export function SecretShown({ secret }: { secret: string }) {
  return (
    <div className="secret-shown">
      <p>This is the secret that signs its requests. Copy it now: it is shown this one time and never again.</p>
      <CodeBlock label="secret" text={secret} />
      <h2>Check each request with it</h2>
      <p>
        Signatures are those of{' '}
        <a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer" className="text-link">
          Standard Webhooks
        </a>
        , so its libraries verify them. Give the secret to your receiver as WEBHOOK_SECRET.
      </p>
      <Tabs defaultValue={SNIPPETS[0].name} keepMounted={false}>
        <Tabs.List>
          {SNIPPETS.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SNIPPETS.map(({ name, code }) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <CodeBlock label={`${name} example`} text={code} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  )
}
