import { Button, PasswordInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { session, signIn } from '../../api/session.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { Door } from './Door.tsx'

const route = getRouteApi('/sign-in')

export function SignInScreen() {
  const { next } = route.useSearch()
  const router = useRouter()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { email: '', password: '' } })
  useTitle('Sign in')
  const { mutate, isPending, error } = useMutation({
    mutationFn: signIn,
    onSuccess: async signed_in => {
      queries.clear()
      queries.setQueryData(session.queryKey, signed_in)
      await router.navigate({ href: ownAddress(next), replace: true })
    },
    onError: () => form.setFieldValue('password', ''),
  })
  return (
    <Door title="Sign in" about="Welcome back.">
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        <TextInput
          autoFocus
          required
          size="md"
          label="E-mail"
          type="email"
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          required
          size="md"
          mt="md"
          label="Password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        {error && (
          <Text c="red" size="sm" mt="md" role="alert">
            {error.message}
          </Text>
        )}
        <Button type="submit" fullWidth size="md" mt="lg" loading={isPending}>
          Sign in
        </Button>
      </form>
    </Door>
  )
}

/** Back to where somebody was, and never to another site. */
function ownAddress(next: string | undefined) {
  return next?.startsWith('/w/') ? next : '/'
}
