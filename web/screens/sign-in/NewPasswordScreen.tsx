import { Anchor, Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { chooseNewPassword } from '../../api/account.ts'
import { ApiError } from '../../api/request.ts'
import { NewPassword, tooShort } from '../../ui/NewPassword.tsx'
import { useTitle } from '../../ui/PageHead.tsx'
import { Door } from './Door.tsx'
import { DoorEnd } from './DoorEnd.tsx'

const route = getRouteApi('/new-password')

/** Behind the link of a mail, or of `throughline user reset`. */
export function NewPasswordScreen() {
  const { token = '' } = route.useSearch()
  const queries = useQueryClient()
  useTitle('New password')
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: tooShort },
  })
  const { mutate, isPending, error, isSuccess } = useMutation({
    mutationFn: ({ password }: typeof form.values) => chooseNewPassword({ token, password }),
    onSuccess: () => queries.clear(), // whoever was signed in here is not any more
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  if (isSuccess)
    return (
      <Door title="Your password is changed" about="You are signed out everywhere. Sign in with the new one.">
        <Button component={Link} to="/sign-in" fullWidth size="md">
          Sign in
        </Button>
      </Door>
    )
  const is_used = error instanceof ApiError && error.code === 'sign_in_link_used'
  if (!token || is_used)
    return (
      <Door
        title={token ? 'This link leads nowhere any more' : 'This link is not complete'}
        about="A link can be used once, within an hour of asking for it."
      >
        <Button component={Link} to="/forgot-password" fullWidth size="md">
          Ask for a new one
        </Button>
      </Door>
    )
  return (
    <Door title="Choose a new password" about="You are signed out everywhere, and sign in with the new one.">
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        <NewPassword autoFocus size="md" label="New password" {...form.getInputProps('password')} />
        <DoorEnd submit="Change password" saving={isPending} error={error} />
        <Anchor component={Link} to="/sign-in" size="sm" mt="lg" display="block">
          Back to sign in
        </Anchor>
      </form>
    </Door>
  )
}
