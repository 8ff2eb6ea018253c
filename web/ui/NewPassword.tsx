import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { LEAST_PASSWORD } from '../../shared/account.ts'

/** A password that somebody chooses, who is told how long it has to be. */
export function NewPassword(props: PasswordInputProps) {
  return (
    <PasswordInput
      required
      description={`At least ${LEAST_PASSWORD} characters; a sentence is a good one`}
      autoComplete="new-password"
      {...props}
    />
  )
}

/** What is wrong with it before the server is asked. */
export const tooShort = (password: string) => (password.length < LEAST_PASSWORD ? `At least ${LEAST_PASSWORD} characters` : null)
