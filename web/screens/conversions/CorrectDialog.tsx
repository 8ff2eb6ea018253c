import { Modal, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import type { Conversion } from '../../../shared/conversions.ts'
import { correctConversion } from '../../api/conversions.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { bodyOf, ConversionForm, type Values, valuesOf } from './ConversionForm.tsx'

type Props = { conversion: Conversion; opened: boolean; onClose: () => void }

/** It is then as if it had been entered like this. */
export function CorrectDialog({ conversion, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const initial = valuesOf(conversion)
  const save = (values: Values) => {
    const { converted_at, ...body } = bodyOf(values)
    return correctConversion(workspace_id, conversion.id, {
      ...body,
      order_id: values.order_id.trim() || null,
      is_test: values.is_test,
      // A field for date and time knows no seconds: what was not touched stays exact.
      ...(converted_at && values.converted_at !== initial.converted_at && { converted_at }),
      if_updated_at: conversion.updated_at,
    })
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Correct the conversion">
      <ConversionForm
        initial={initial}
        submit="Save the correction"
        save={save}
        cancel={onClose}
        onSaved={async () => {
          onClose()
          notifications.show({ message: 'Corrected' })
          await queries.invalidateQueries({ queryKey: [workspace_id] })
        }}
      >
        <Text size="sm" c="dimmed">
          Every total is then as if it had been entered like this. What went back to a customer is a refund.
        </Text>
      </ConversionForm>
    </Modal>
  )
}
