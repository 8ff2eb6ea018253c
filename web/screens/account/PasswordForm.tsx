import { Button, PasswordInput, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { changePassword, openSessions } from '../../api/account.ts'
import { ApiError } from '../../api/request.ts'
import { FormPart } from '../../ui/FormPart.tsx'
import { NewPassword, tooShort } from '../../ui/NewPassword.tsx'

export function PasswordForm() {
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { password: '', new_password: '' },
    validate: { new_password: tooShort },
  })
  const { mutate, isPending, error } = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset()
      void queries.invalidateQueries({ queryKey: openSessions.queryKey })
      notifications.show({ message: 'Your password is changed. You are signed out everywhere else.' })
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  return (
    <form onSubmit={form.onSubmit(values => mutate(values))}>
      <FormPart title="Password" about="A new one signs you out everywhere else.">
        <PasswordInput required label="Password now" autoComplete="current-password" {...form.getInputProps('password')} />
        <NewPassword label="New password" {...form.getInputProps('new_password')} />
        {error && !Object.keys(form.errors).length && (
          <Text c="red" size="sm" role="alert">
            {error.message}
          </Text>
        )}
        <div>
          <Button
            type="submit"
            variant="default"
            loading={isPending}
            disabled={!form.values.password || !form.values.new_password}
          >
            Change password
          </Button>
        </div>
      </FormPart>
    </form>
  )
}
