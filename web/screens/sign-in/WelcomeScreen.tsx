import { Button, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { ApiError } from '../../api/request.ts'
import { becomeOwner, session } from '../../api/session.ts'
import { NewPassword, tooShort } from '../../ui/NewPassword.tsx'
import { useTitle } from '../../ui/PageHead.tsx'
import { Door } from './Door.tsx'
import { DoorEnd } from './DoorEnd.tsx'

const route = getRouteApi('/welcome')

/** The first owner, by the link that the first start printed. */
export function WelcomeScreen() {
  const { token = '' } = route.useSearch()
  const router = useRouter()
  const queries = useQueryClient()
  useTitle('Welcome')
  const form = useForm({
    initialValues: { name: '', email: '', password: '', workspace: '' },
    validate: { password: tooShort },
  })
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ workspace, ...values }: typeof form.values) =>
      becomeOwner({ token, ...values, name: values.name.trim(), ...(workspace.trim() && { workspace: workspace.trim() }) }),
    onSuccess: async signed_in => {
      queries.clear()
      queries.setQueryData(session.queryKey, signed_in)
      await router.navigate({ to: '/', replace: true })
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  if (!token)
    return (
      <Door
        title="This link is not complete"
        about="Open the whole link that the server printed when it started. It can be used once."
      >
        <Button component="a" href="/sign-in" variant="default">
          Sign in instead
        </Button>
      </Door>
    )
  return (
    <Door title="Welcome to Throughline" about="You are its first owner. One minute, and you can see who visits your site.">
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput autoFocus required label="Your name" autoComplete="name" {...form.getInputProps('name')} />
          <TextInput required label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
        </SimpleGrid>
        <NewPassword mt="md" label="Password" {...form.getInputProps('password')} />
        <TextInput
          mt="md"
          label="Your site or company"
          description="The name of your first workspace; you can change it later"
          {...form.getInputProps('workspace')}
        />
        <DoorEnd submit="Begin" saving={isPending} error={error} />
      </form>
    </Door>
  )
}
