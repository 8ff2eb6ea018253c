import { ActionIcon, Button, Menu, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft, IconDots, IconKey, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Provider } from '../../../../shared/intake.ts'
import { provider as providerQuery } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { ProviderState } from './columns.tsx'
import { EditProvider } from './EditProvider.tsx'
import { RotateKey } from './RotateKey.tsx'
import { Usage } from './Usage.tsx'
import { useActivateProvider, useDeleteProvider } from './useChanges.ts'

const route = getRouteApi('/w/$workspaceId/providers/$providerId')

export function ProviderScreen() {
  const params = route.useParams()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(providerQuery(Number(params.workspaceId), params.providerId))
  useTitle(data?.provider_name ?? 'Provider')
  const back = () => (history.length > 1 ? history.back() : void navigate({ to: '/w/$workspaceId/providers', params }))
  useKeys({
    Backspace: back,
  })
  if (error && !data)
    return (
      <Failure error={error} retry={() => void refetch()} title="This provider could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/providers" params={params} {...props} />}>All providers</Button>
      </Failure>
    )
  return (
    <div className="intake">
      <header className="intake-head">
        <Link to="/w/$workspaceId/providers" params={params} className="back-link">
          <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Providers
        </Link>
        {data ? <Head provider={data} /> : <Skeleton height={48} width={320} mt={12} />}
      </header>
      {data && (
        <div className="intake-panel">
          <Usage provider={data} />
          <EditProvider key={data.provider_id} provider={data} />
        </div>
      )}
    </div>
  )
}

function Head({ provider }: { provider: Provider }) {
  const may_change = useMay('admin')
  const [rotating, rotate] = useDisclosure()
  const activate = useActivateProvider(provider)
  const remove = useDeleteProvider(provider)
  const { active, provider_name, provider_id, key_prefix } = provider
  return (
    <div className="intake-who">
      <div className="intake-title">
        <h1>{provider_name}</h1>
        <ProviderState provider={provider} />
      </div>
      <p className="intake-url provider-id">
        <span className="mono">{provider_id}</span>
        <span>
          key <span className="mono">{key_prefix}…</span>
        </span>
      </p>
      {may_change && (
        <div className="intake-actions">
          <Button variant="default" leftSection={<IconKey size={15} stroke={1.6} />} onClick={rotate.open}>
            New key…
          </Button>
          <Button
            variant="default"
            leftSection={active ? <IconPlayerPause size={15} stroke={1.6} /> : <IconPlayerPlay size={15} stroke={1.6} />}
            onClick={() => activate(!active)}
          >
            {active ? 'Turn off' : 'Turn on'}
          </Button>
          <Menu position="bottom-end" width={180} shadow="md">
            <Menu.Target>
              <ActionIcon variant="default" size={36} aria-label="More">
                <IconDots size={17} stroke={1.6} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={remove}>
                Delete…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
      <RotateKey provider={provider} opened={rotating} onClose={rotate.close} />
    </div>
  )
}
