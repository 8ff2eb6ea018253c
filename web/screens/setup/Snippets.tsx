import { Tabs } from '@mantine/core'
import type { Setup } from '../../api/workspaces.ts'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { examples } from './examples.ts'

export function Snippets({ setup }: { setup: Setup }) {
  const { identify, curl, node } = examples(setup)
  return (
    <section className="setup-part">
      <h2>Send events</h2>
      <Tabs defaultValue="website">
        <Tabs.List>
          <Tabs.Tab value="website">Website</Tabs.Tab>
          <Tabs.Tab value="server">Server</Tabs.Tab>
          <Tabs.Tab value="segment">Segment's clients</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="website">
          <p>
            Into the <code>&lt;head&gt;</code> of every page. Page views, visits and videos are recorded from then on.
          </p>
          <CodeBlock label="snippet" text={setup.snippet} />
          <p>When somebody signs up or logs in, say who they are. Everything they did before becomes theirs.</p>
          <CodeBlock label="identify example" text={identify} />
        </Tabs.Panel>
        <Tabs.Panel value="server">
          <p>From anywhere that can send HTTP. 200 means that it is stored.</p>
          <CodeBlock label="curl example" text={curl} />
        </Tabs.Panel>
        <Tabs.Panel value="segment">
          <p>
            <code>@segment/analytics-node</code> and <code>@segment/analytics-next</code> work as they are; only the host changes.
          </p>
          <CodeBlock label="Segment example" text={node} />
        </Tabs.Panel>
      </Tabs>
      <p className="setup-more">
        <a className="text-link" href="/api/docs" target="_blank" rel="noreferrer">
          The whole API
        </a>
        <a className="text-link" href="/demo" target="_blank" rel="noreferrer">
          A demo site to click through
        </a>
      </p>
    </section>
  )
}
