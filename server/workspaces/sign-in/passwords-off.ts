import type { Config } from '../../config.ts'
import { refuse } from '../../errors.ts'

/** Throws `forbidden` where people sign in through their organization only. */
export function requirePasswords({ oidc }: Pick<Config, 'oidc'>) {
  if (oidc?.only) throw refuse('forbidden', { message: 'Passwords are switched off here. Sign in through your organization.' })
}
