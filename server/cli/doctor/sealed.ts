import { countSealed } from '../../sealed.ts'
import type { Finding, Patient } from './checks.ts'

/** Which secrets of SECRET_KEY can go, and whether one is missing. */
export async function sealed({ sql, config }: Patient): Promise<Finding> {
  const { newest, older, unknown } = await countSealed(sql, config)
  const words = [
    `${newest} sealed with the newest secret`,
    ...(older > 0 ? [`${older} with an older one: throughline secrets reencrypt`] : []),
    ...(unknown > 0 ? [`${unknown} with a secret that is not in SECRET_KEY: put it behind the newest`] : []),
  ]
  return { ok: unknown === 0, found: words.join('; ') }
}
