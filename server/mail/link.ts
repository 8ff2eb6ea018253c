import type { Config } from '../config.ts'
import { seal, secretFor, unseal } from '../secrets.ts'

const PLACE = '[link]'
const PURPOSE = 'links in mails'

/**
 * A link that lets its reader in, for `sealed_link` of a mail whose body says `[link]`: whoever reads the mails of a workspace, or its
 * database, reads the mail and cannot follow it.
 */
export function sealLink(config: Config, to: string, link: string): string {
  return seal(secretFor(config, PURPOSE), link, `mail to ${to}`)
}

/** The body as it is sent. */
export function withLink<M extends { to_address: string; body: string; sealed_link: string | null }>(config: Config, mail: M): M {
  if (mail.sealed_link === null) return mail
  const link = unseal(secretFor(config, PURPOSE), mail.sealed_link, `mail to ${mail.to_address}`)
  return { ...mail, body: mail.body.replace(PLACE, () => link) }
}
