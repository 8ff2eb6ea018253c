import { Button, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlugConnected, IconRepeat } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { CrmConnection } from '../../../../shared/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useProviderTitle } from '../useProviders.ts'
import { ConnectionFigures } from './ConnectionFigures.tsx'
import { ConnectionState } from './ConnectionState.tsx'
import { TestDialog } from './TestDialog.tsx'
import { useSwitch, useTellAgain } from './useChanges.ts'

/** One connection: what it is, how it fares, and what is done with it most often. */
export function ConnectionLine({ connection }: { connection: CrmConnection }) {
  const { id, name, provider, active, failed } = connection
  const params = { workspaceId: String(useWorkspaceId()), connectionId: String(id) }
  const titleOf = useProviderTitle()
  const may_change = useMay('admin')
  const may_tell = useMay('update')
  const turn = useSwitch(connection)
  const tellAgain = useTellAgain(connection)
  const [testing, test] = useDisclosure()
  return (
    <li className="crm-connection">
      <Switch
        className="crm-connection-switch"
        aria-label={`${name} is on`}
        checked={active}
        disabled={!may_change}
        onChange={({ currentTarget: { checked } }) => turn(checked)}
      />
      <div className="crm-connection-about">
        <p className="crm-connection-name">
          <Link to="/w/$workspaceId/crm/connections/$connectionId" params={params} search={{}}>
            {name}
          </Link>
          <span className="muted">{titleOf(provider) !== name && titleOf(provider)}</span>
        </p>
        <ConnectionState connection={connection} />
      </div>
      <ConnectionFigures connection={connection} />
      {may_tell && (
        <div className="crm-connection-actions">
          {may_change && (
            <Button variant="default" leftSection={<IconPlugConnected size={15} stroke={1.6} />} onClick={test.open}>
              Test
            </Button>
          )}
          {failed > 0 && (
            <Button variant="default" leftSection={<IconRepeat size={15} stroke={1.6} />} onClick={tellAgain}>
              Tell failed again
            </Button>
          )}
        </div>
      )}
      <TestDialog connection={connection} opened={testing} onClose={test.close} />
    </li>
  )
}
