import { Autocomplete, Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Conversion } from '../../../shared/conversions.ts'
import { ApiError } from '../../api/request.ts'
import { fromField, toField } from '../../ui/times.ts'
import { useTypes } from './Filters.tsx'

export const EMPTY = {
  type: 'sale',
  value: '' as number | string,
  currency: 'USD',
  order_id: '',
  converted_at: '',
  is_test: false,
}
export type Values = typeof EMPTY

export const valuesOf = ({ type, value, currency, order_id, converted_at, is_test }: Conversion): Values => ({
  type,
  value,
  currency,
  order_id: order_id ?? '',
  converted_at: toField(converted_at),
  is_test,
})

/** What a new one needs; what is left empty is as the server has it. */
export function bodyOf({ type, value, currency, order_id, converted_at, is_test }: Values) {
  const at = fromField(converted_at)
  return {
    type: type.trim(),
    value: Number(value || 0),
    currency: currency.trim().toUpperCase(),
    ...(order_id.trim() && { order_id: order_id.trim() }),
    ...(at && { converted_at: at }),
    ...(is_test && { is_test }),
  }
}

type Props = {
  initial: Values
  submit: string
  save: (values: Values) => Promise<Conversion>
  cancel: () => void
  onSaved: (conversion: Conversion) => void
  children?: ReactNode
}

export function ConversionForm({ initial, submit, save, cancel, onSaved, children }: Props) {
  const types = useTypes(initial.type)
  const form = useForm<Values>({ initialValues: initial })
  const { mutate, isPending, error } = useMutation({
    mutationFn: save,
    onSuccess: onSaved,
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  return (
    <form onSubmit={form.onSubmit(values => mutate(values))} noValidate>
      <Stack gap="md">
        <Autocomplete
          label="Type"
          description="One of these or one of your own: small letters, digits and underscores."
          data={types}
          {...form.getInputProps('type')}
        />
        <SimpleGrid cols={2} spacing="sm">
          <NumberInput
            label="Value"
            placeholder="0"
            min={0}
            decimalScale={2}
            thousandSeparator=","
            allowNegative={false}
            hideControls
            data-autofocus
            {...form.getInputProps('value')}
          />
          <TextInput label="Currency" maxLength={3} {...form.getInputProps('currency')} />
          <TextInput label="Order id" placeholder="none" {...form.getInputProps('order_id')} />
          <TextInput type="datetime-local" label="When" {...form.getInputProps('converted_at')} />
        </SimpleGrid>
        <Checkbox label="A test: it counts nowhere" {...form.getInputProps('is_test', { type: 'checkbox' })} />
        {children}
      </Stack>
      {error && (
        <p className="conversion-refused" role="alert">
          {error.message}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={!form.values.type.trim()}>
          {submit}
        </Button>
      </Group>
    </form>
  )
}
