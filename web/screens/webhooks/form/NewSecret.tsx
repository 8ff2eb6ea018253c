import { Button, Group } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { EndpointCreated } from '../../../../shared/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { SecretShown } from '../SecretShown.tsx'

/** After an endpoint was made: its secret, this one time, and what to do with it. */
export function NewSecret({ endpoint }: { endpoint: EndpointCreated }) {
  const workspaceId = String(useWorkspaceId())
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="new-secret">
      <h1 ref={heading} tabIndex={-1}>
        <IconCheck className="new-secret-sign" size={20} stroke={2} aria-hidden /> {endpoint.name} was added
      </h1>
      <SecretShown secret={endpoint.secret} />
      <Group gap="sm" mt="lg">
        <Button
          renderRoot={props => (
            <Link
              to="/w/$workspaceId/endpoints/$endpointId"
              params={{ workspaceId, endpointId: String(endpoint.id) }}
              {...props}
            />
          )}
        >
          I have copied it
        </Button>
      </Group>
    </section>
  )
}
