import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

/** A key for one purpose, derived from SECRET_KEY; without one, from a secret that is made once and kept in the home folder. */
export function secretFor(config: Config, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', config.secret_key ?? storedSecret(config.home), 'throughline', purpose, 32))
}

/**
 * Encrypts what must be read again (AES-256-GCM). `bound` names the row and column it is for: moved to another place it cannot be
 * opened. Written as `v1:<iv>:<tag>:<text>`, base64url.
 */
export function seal(key: Buffer, text: string, bound: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(bound))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v1', ...[iv, cipher.getAuthTag(), sealed].map(part => part.toString('base64url'))].join(':')
}

/** Throws when it was sealed with another key, for another place, or was changed. */
export function unseal(key: Buffer, sealed: string, bound: string): string {
  const [version, iv = '', tag = '', text = ''] = sealed.split(':')
  if (version !== 'v1') throw new Error(`This secret was sealed in a way (${version}) that this version does not know.`)
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 }).setAAD(
    Buffer.from(bound),
  )
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
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
