import { Button, Group, Modal, NumberInput, Stack, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Conversion } from '../../../shared/conversions.ts'
import { refundConversion } from '../../api/conversions.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { money } from '../../ui/numbers.ts'
import { leftOf } from './words.ts'

type Props = { conversion: Conversion; opened: boolean; onClose: () => void }

/** A part of the value or all that is left. */
export function RefundDialog({ conversion, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const left = leftOf(conversion)
  const [amount, setAmount] = useState<number | string>('')
  const [reason, setReason] = useState('')
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () =>
      refundConversion(workspace_id, conversion.id, {
        ...(amount !== '' && { amount: Number(amount) }),
        ...(reason.trim() && { reason: reason.trim() }),
      }),
    onSuccess: async () => {
      notifications.show({ message: 'The refund is recorded' })
      close()
      await queries.invalidateQueries({ queryKey: [workspace_id] })
    },
  })
  const close = () => {
    setAmount('')
    setReason('')
    reset()
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title="Refund">
      <form
        onSubmit={event => {
          event.preventDefault()
          mutate()
        }}
      >
        <Stack gap="md">
          <NumberInput
            label="Amount"
            description={`Left empty, all that is left: ${money(left, conversion.currency)}.`}
            placeholder={String(left)}
            data-autofocus
            min={0}
            decimalScale={2}
            thousandSeparator=","
            allowNegative={false}
            hideControls
            value={amount}
            onChange={setAmount}
          />
          <Textarea
            label="Reason"
            autosize
            minRows={2}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
        </Stack>
        {error && (
          <p className="conversion-refused" role="alert">
            {error.message}
          </p>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={amount !== '' && Number(amount) <= 0}>
            Record the refund
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
