import { Alert, Anchor, Button, Divider, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import type { SignOnRefusal } from '../../../shared/account.ts'
import type { Session } from '../../../shared/workspaces.ts'
import { signInWays } from '../../api/account.ts'
import { addressOfSignOn, session, signIn } from '../../api/session.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { CodeForm } from './CodeForm.tsx'
import { Door } from './Door.tsx'
import { DoorEnd } from './DoorEnd.tsx'

const route = getRouteApi('/sign-in')

export function SignInScreen() {
  const { next, refused } = route.useSearch()
  const ways = useQuery(signInWays)
  const has_passwords = ways.data?.has_passwords ?? ways.isError
  const router = useRouter()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { email: '', password: '' } })
  useTitle('Sign in')
  const enter = async (signed_in: Session) => {
    queries.clear()
    queries.setQueryData(session.queryKey, signed_in)
    await router.navigate({ href: ownAddress(next), replace: true })
  }
  const { mutate, isPending, error, data, reset } = useMutation({
    mutationFn: signIn,
    onSuccess: answer => ('second_step' in answer ? undefined : enter(answer)),
    onError: () => form.setFieldValue('password', ''),
  })
  const again = () => {
    form.setFieldValue('password', '')
    reset()
  }
  if (data && 'second_step' in data) return <CodeForm second_step={data.second_step} done={enter} again={again} />
  return (
    <Door title="Sign in" about="Welcome back.">
      {refused && (
        <Alert color="orange" variant="light" p="sm" mb="md" role="alert">
          {REFUSALS[refused]}
        </Alert>
      )}
      {ways.data?.sign_on && (
        <>
          <Button component="a" href={addressOfSignOn(next)} variant="default" fullWidth size="md">
            {ways.data.sign_on}
          </Button>
          {has_passwords && <Divider label="or with a password" my="lg" />}
        </>
      )}
      {has_passwords && (
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
          <DoorEnd submit="Sign in" saving={isPending} error={error} />
          <Anchor component={Link} to="/forgot-password" size="sm" mt="lg" display="block">
            Forgot your password?
          </Anchor>
        </form>
      )}
    </Door>
  )
}

/** Why whoever comes from their organization may not in. */
const REFUSALS: Record<SignOnRefusal, string> = {
  not_verified: 'Your organization does not say that your e-mail is verified, so nobody here can know that it is yours.',
  not_known: 'You are not known here yet. Ask an owner of your workspace to invite you.',
  other_person: 'Somebody else over there came in with this e-mail before. Ask whoever runs this server.',
  late: 'This took too long, or was begun in another browser. Try again.',
  failed: 'Your organization could not be asked, or its answer was not understood. Try again.',
}

/** Back to where somebody was, and never to another site. */
function ownAddress(next: string | undefined) {
  return next?.startsWith('/w/') || next?.startsWith('/invitation?') ? next : '/'
}
