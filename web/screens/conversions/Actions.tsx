import { ActionIcon, Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconDots, IconPencil, IconReceiptRefund, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { Conversion } from '../../../shared/conversions.ts'
import { restoreConversion, voidConversion } from '../../api/conversions.ts'
import { useMay } from '../../api/may.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { CorrectDialog } from './CorrectDialog.tsx'
import { RefundDialog } from './RefundDialog.tsx'
import { leftOf } from './words.ts'

/** Everything that can be done with a conversion. */
export function Actions({ conversion }: { conversion: Conversion }) {
  const may_change = useMay('update')
  const [refunding, refund] = useDisclosure()
  const [correcting, correct] = useDisclosure()
  const change = useChange(conversion)
  if (!may_change) return null
  if (conversion.status === 'void')
    return (
      <div className="conversion-actions">
        <Button variant="default" leftSection={<IconArrowBackUp size={16} stroke={1.6} />} onClick={change.restore}>
          Let it count again
        </Button>
      </div>
    )
  return (
    <div className="conversion-actions">
      {leftOf(conversion) > 0 && (
        <Button variant="default" leftSection={<IconReceiptRefund size={16} stroke={1.6} />} onClick={refund.open}>
          Refund…
        </Button>
      )}
      <Button variant="default" leftSection={<IconPencil size={16} stroke={1.6} />} onClick={correct.open}>
        Correct…
      </Button>
      <Menu position="bottom-end" width={200} shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More">
            <IconDots size={17} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={change.makeVoid}>
            Make it void…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RefundDialog conversion={conversion} opened={refunding} onClose={refund.close} />
      <CorrectDialog key={conversion.updated_at} conversion={conversion} opened={correcting} onClose={correct.close} />
    </div>
  )
}

function useChange({ id }: Conversion) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async (work: (workspace_id: number, id: number) => Promise<Conversion>, done: string) => {
    try {
      await work(workspace_id, id)
      notifications.show({ message: done })
    } catch (error) {
      notifications.show({ color: 'red', title: 'Nothing was changed', message: (error as Error).message })
    }
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return {
    restore: () => void run(restoreConversion, 'It counts again'),
    makeVoid: () =>
      modals.openConfirmModal({
        title: 'Make this conversion void?',
        children:
          'For what was entered by mistake. It stays in the list, and every total is as if it had never been. What went back to a customer is a refund instead. It can be taken back.',
        labels: { confirm: 'Make it void', cancel: 'Keep it' },
        confirmProps: { color: 'red.8' },
        onConfirm: () => void run(voidConversion, 'It counts nowhere now'),
      }),
  }
}
