import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Session } from '../../../shared/workspaces.ts'
import { ApiError } from '../../api/request.ts'
import { takeSecondStep } from '../../api/session.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { Door } from './Door.tsx'
import { DoorEnd } from './DoorEnd.tsx'

type Props = { second_step: string; done: (session: Session) => void; again: () => void }

/** After the password was right. */
export function CodeForm({ second_step, done, again }: Props) {
  const form = useForm({ initialValues: { code: '' } })
  useTitle('Sign in')
  const { mutate, isPending, error } = useMutation({
    mutationFn: (code: string) => takeSecondStep({ second_step, code }),
    onSuccess: done,
    onError: () => form.setFieldValue('code', ''),
  })
  const is_over = error instanceof ApiError && error.code === 'sign_in_link_used'
  return (
    <Door title="Your code" about="Of your authenticator app. Without your phone, use one of your recovery codes.">
      <form onSubmit={form.onSubmit(({ code }) => mutate(code.trim()))}>
        <TextInput autoFocus required size="md" label="Code" autoComplete="one-time-code" {...form.getInputProps('code')} />
        <DoorEnd submit="Sign in" saving={isPending} error={error} disabled={is_over || form.values.code.trim().length < 6} />
        <Button variant="subtle" fullWidth mt="xs" onClick={again}>
          Begin again
        </Button>
      </form>
    </Door>
  )
}
