import { Modal, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TotpSetUp } from '../../../shared/account.ts'
import { account, confirmTotp, setUpTotp } from '../../api/account.ts'
import { CopyText } from '../../ui/CopyText.tsx'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

/** The password, then the app and its first code, then the recovery codes. */
export function SetUpDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const begin = useMutation({ mutationFn: setUpTotp })
  const confirm = useMutation({ mutationFn: confirmTotp })
  // Everything that is shown changes with it, also what the workspace refused until now.
  const finish = () => {
    onClose()
    void queries.invalidateQueries({ queryKey: account.queryKey })
    void queries.invalidateQueries()
  }
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recovery_codes} onClose={finish} />
  return (
    <Modal opened onClose={onClose} title="Set up a second step">
      {begin.data ? (
        <FirstCode
          set_up={begin.data}
          confirm={confirm.mutate}
          saving={confirm.isPending}
          error={confirm.error}
          cancel={onClose}
        />
      ) : (
        <Password begin={begin.mutate} saving={begin.isPending} error={begin.error} cancel={onClose} />
      )}
    </Modal>
  )
}

type Step = { saving: boolean; error: Error | null; cancel: () => void }

function Password({ begin, ...step }: Step & { begin: (password: string) => void }) {
  const form = useForm({ initialValues: { password: '' } })
  return (
    <form onSubmit={form.onSubmit(({ password }) => begin(password))}>
      <PasswordInput data-autofocus label="Your password" autoComplete="current-password" {...form.getInputProps('password')} />
      <DialogEnd submit="Go on" disabled={!form.values.password} {...step} />
    </form>
  )
}

function FirstCode({ set_up, confirm, ...step }: Step & { set_up: TotpSetUp; confirm: (code: string) => void }) {
  const form = useForm({ initialValues: { code: '' } })
  return (
    <form onSubmit={form.onSubmit(({ code }) => confirm(code.trim()))}>
      <p>Scan this with an authenticator app, or type its text in by hand.</p>
      <QrCode className="account-qr" text={set_up.uri} />
      <CopyText text={set_up.secret} label="text" />
      <TextInput
        data-autofocus
        mt="md"
        label="The code that it shows now"
        inputMode="numeric"
        autoComplete="one-time-code"
        {...form.getInputProps('code')}
      />
      <DialogEnd submit="Switch on" disabled={form.values.code.trim().length < 6} {...step} />
    </form>
  )
}
