import { Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Account } from '../../../shared/account.ts'
import { account as accountQuery, renameAccount } from '../../api/account.ts'
import { session } from '../../api/session.ts'
import { FormPart } from '../../ui/FormPart.tsx'

export function NameForm({ account }: { account: Account }) {
  const queries = useQueryClient()
  const form = useForm({ initialValues: { name: account.name } })
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ name }: typeof form.values) => renameAccount(name.trim()),
    onSuccess: saved => {
      queries.setQueryData(accountQuery.queryKey, saved)
      void queries.invalidateQueries({ queryKey: session.queryKey })
      notifications.show({ message: 'Your name is saved' })
    },
  })
  return (
    <form onSubmit={form.onSubmit(values => mutate(values))}>
      <FormPart title="Your name" about="As others see it: at what you changed, and at what is yours.">
        <TextInput required label="Name" autoComplete="name" {...form.getInputProps('name')} />
        {error && (
          <Text c="red" size="sm" role="alert">
            {error.message}
          </Text>
        )}
        <div>
          <Button type="submit" variant="default" loading={isPending} disabled={!form.isDirty() || !form.values.name.trim()}>
            Save name
          </Button>
        </div>
      </FormPart>
    </form>
  )
}
