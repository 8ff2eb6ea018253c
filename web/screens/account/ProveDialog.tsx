import { Modal, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { account } from '../../api/account.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'

type Proof = { password: string; code: string }
type Props<R> = {
  title: string
  submit: string
  prove: (proof: Proof) => Promise<R>
  done: (result: R) => void
  onClose: () => void
}

/** Password and code, before something that not everybody may do who finds a browser open. */
export function ProveDialog<R>({ title, submit, prove, done, onClose }: Props<R>) {
  const queries = useQueryClient()
  const form = useForm({ initialValues: { password: '', code: '' } })
  const { mutate, isPending, error } = useMutation({
    mutationFn: prove,
    onSuccess: result => {
      void queries.invalidateQueries({ queryKey: account.queryKey })
      done(result)
    },
  })
  const { password, code } = form.values
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        <PasswordInput data-autofocus label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
        <TextInput
          mt="md"
          label="Code"
          description="Of your authenticator app, or a recovery code"
          autoComplete="one-time-code"
          {...form.getInputProps('code')}
        />
        <DialogEnd submit={submit} disabled={!password || code.length < 6} saving={isPending} error={error} cancel={onClose} />
      </form>
    </Modal>
  )
}
