import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

/** A key for one purpose, derived from SECRET_KEY; without one, from a secret that is made once and kept in the home folder. */
export function secretFor(config: Config, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', config.secret_key ?? storedSecret(config.home), 'throughline', purpose, 32))
}

function storedSecret(home: string): string {
  const file = join(home, 'secret_key')
  mkdirSync(home, { recursive: true })
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}
