import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKey } from '@tabler/icons-react'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { useMay } from '../../../api/may.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { Section } from '../../../ui/Section.tsx'
import { absolute, ahead } from '../../../ui/times.ts'
import { RotateDialog } from './RotateDialog.tsx'

/** Which secrets sign now, and until when. */
export function SecretsTab({ endpoint }: { endpoint: Endpoint }) {
  const may_change = useMay('admin')
  const [rotating, rotate] = useDisclosure()
  return (
    <Section
      title="Secrets"
      about="Each request is signed with every secret of this list, so a receiver that knows one of them can check it. A secret is shown once, when it is made."
      action={
        may_change && (
          <Button variant="default" size="compact-sm" leftSection={<IconKey size={14} stroke={1.6} />} onClick={rotate.open}>
            New secret…
          </Button>
        )
      }
    >
      <ul className="endpoint-secrets">
        {endpoint.secrets.map(({ id, created_at, expires_at }, index) => (
          <li key={id}>
            <IconKey size={16} stroke={1.6} aria-hidden />
            <span>
              Made {absolute(created_at)}
              {expires_at && (
                <span className="muted" title={absolute(expires_at)}>
                  {' '}
                  · signs until {absolute(expires_at)} ({ahead(expires_at)})
                </span>
              )}
            </span>
            <Pill tone={index === 0 ? 'good' : 'warm'}>{index === 0 ? 'newest' : 'runs out'}</Pill>
          </li>
        ))}
      </ul>
      <RotateDialog endpoint={endpoint} opened={rotating} onClose={rotate.close} />
    </Section>
  )
}
