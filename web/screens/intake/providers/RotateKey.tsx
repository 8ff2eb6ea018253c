import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Provider } from '../../../../shared/intake.ts'
import { rotateProviderKey } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { KeyShown } from './KeyShown.tsx'

type Props = { provider: Provider; opened: boolean; onClose: () => void }

export function RotateKey({ provider, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { mutate, isPending, error, data, reset } = useMutation({
    mutationFn: () => rotateProviderKey(workspace_id, provider.provider_id),
    onSuccess: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  const close = () => {
    onClose()
    reset()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={`A new key for ${provider.provider_name}`}
      closeOnClickOutside={!data}
      size={data ? 'lg' : 'md'}
    >
      {data ? (
        <KeyShown provider={data} />
      ) : (
        <p className="provider-words">
          The key that it has now ends at once: what it sends until it has the new one is refused. Agree on a time with them.
        </p>
      )}
      {error && (
        <p className="intake-refused" role="alert">
          {error.message}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        {data ? (
          <Button onClick={close}>I have copied it</Button>
        ) : (
          <>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button loading={isPending} onClick={() => mutate()}>
              Make the new key
            </Button>
          </>
        )}
      </Group>
    </Modal>
  )
}
