import { Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import type { InvitationSeen } from '../../../shared/users.ts'
import { signInWays } from '../../api/account.ts'
import { acceptInvitation, seenInvitation } from '../../api/people.ts'
import { ApiError } from '../../api/request.ts'
import { session, signOut } from '../../api/session.ts'
import { NewPassword, tooShort } from '../../ui/NewPassword.tsx'
import { useTitle } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { Door } from '../sign-in/Door.tsx'
import { DoorEnd, DoorError } from '../sign-in/DoorEnd.tsx'
import { ROLE_WORDS } from './roleWords.ts'

const route = getRouteApi('/invitation')

/** Where the link of an invitation leads: in, as who is signed in or as somebody new. */
export function InvitationScreen() {
  const { token = '' } = route.useSearch()
  const { data, error } = useQuery({ ...seenInvitation(token), enabled: token !== '' })
  const { data: me, isPending } = useQuery(session)
  const ways = useQuery(signInWays)
  useTitle('Invitation')
  if (!token || error)
    return (
      <Door title="This invitation leads nowhere" about={error?.message ?? 'Open the whole link of the mail.'}>
        <Button component="a" href="/sign-in" variant="default">
          Sign in instead
        </Button>
      </Door>
    )
  if (!data || isPending || ways.isPending)
    return (
      <Door title="Invitation" about="One moment.">
        <SkeletonLines lines={3} />
      </Door>
    )
  const title = `Work in ${data.workspace}`
  const about = `As ${ROLE_WORDS[data.role]?.[0].toLowerCase() ?? data.role}, with the e-mail ${data.email}.`
  return (
    <Door title={title} about={about}>
      {me ? (
        <AsMember token={token} invitation={data} email={me.user.email} />
      ) : data.has_account ? (
        <SignInFirst token={token} invitation={data} />
      ) : ways.data?.has_passwords === false ? (
        <SignOn email={data.email} />
      ) : (
        <AsNew token={token} />
      )}
    </Door>
  )
}

function useAccepting() {
  const router = useRouter()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: acceptInvitation,
    onSuccess: async signed_in => {
      queries.clear()
      queries.setQueryData(session.queryKey, signed_in)
      await router.navigate({ to: '/', replace: true })
    },
  })
}

function AsMember({ token, invitation, email }: { token: string; invitation: InvitationSeen; email: string }) {
  const { mutate, isPending, error } = useAccepting()
  const queries = useQueryClient()
  if (invitation.email !== email)
    return (
      <>
        <Text size="sm">You are signed in as {email}. This invitation is for somebody else.</Text>
        <Button
          mt="md"
          variant="default"
          onClick={() => void signOut().then(() => queries.resetQueries({ queryKey: session.queryKey }))}
        >
          Sign out
        </Button>
      </>
    )
  return (
    <>
      <Button fullWidth size="md" loading={isPending} onClick={() => mutate({ token })}>
        Accept
      </Button>
      <DoorError error={error} />
    </>
  )
}

function SignInFirst({ token, invitation }: { token: string; invitation: InvitationSeen }) {
  const next = encodeURIComponent(`/invitation?token=${token}`)
  return (
    <>
      <Text size="sm" mb="md">
        {invitation.email} has an account here.
      </Text>
      <Button component="a" href={`/sign-in?next=${next}`} fullWidth size="md">
        Sign in to accept
      </Button>
    </>
  )
}

/** It accepts what their e-mail was invited to. */
function SignOn({ email }: { email: string }) {
  return (
    <>
      <Text size="sm" mb="md">
        Come in through your organization, as {email}.
      </Text>
      <Button component="a" href="/sign-in" fullWidth size="md">
        Sign in
      </Button>
    </>
  )
}

function AsNew({ token }: { token: string }) {
  const form = useForm({
    initialValues: { name: '', password: '' },
    validate: { password: tooShort },
  })
  const { mutate, isPending, error } = useAccepting()
  return (
    <form
      onSubmit={form.onSubmit(({ name, password }) =>
        mutate(
          { token, name: name.trim(), password },
          { onError: error => error instanceof ApiError && form.setErrors(error.fields) },
        ),
      )}
    >
      <TextInput autoFocus required label="Your name" autoComplete="name" {...form.getInputProps('name')} />
      <NewPassword mt="md" label="Password" {...form.getInputProps('password')} />
      <DoorEnd submit="Begin" saving={isPending} error={error} />
    </form>
  )
}
