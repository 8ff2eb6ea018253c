import { Anchor, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { askForNewPassword } from '../../api/account.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { Door } from './Door.tsx'
import { DoorEnd } from './DoorEnd.tsx'

export function ForgotScreen() {
  const form = useForm({ initialValues: { email: '' } })
  useTitle('Forgot your password?')
  const { mutate, isPending, error, data } = useMutation({ mutationFn: askForNewPassword })
  const back = (
    <Anchor component={Link} to="/sign-in" size="sm" mt="lg" display="block">
      Back to sign in
    </Anchor>
  )
  if (data?.sends_mail)
    return (
      <Door
        title="Look at your mail"
        about={`If somebody here has the e-mail ${form.values.email.trim()}, a link is on its way. It works once, and for an hour.`}
      >
        {back}
      </Door>
    )
  if (data)
    return (
      <Door
        title="Ask who runs this server"
        about="It sends no mail, so whoever runs it has to make the link for you, with this command:"
      >
        <code className="door-command">throughline user reset --email {form.values.email.trim()}</code>
        {back}
      </Door>
    )
  return (
    <Door title="Forgot your password?" about="Tell us your e-mail, and you get a link to choose a new one.">
      <form onSubmit={form.onSubmit(({ email }) => mutate(email))}>
        <TextInput
          autoFocus
          required
          size="md"
          label="E-mail"
          type="email"
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <DoorEnd submit="Send the link" saving={isPending} error={error} />
        {back}
      </form>
    </Door>
  )
}
