import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

/** A key for one purpose, with those of the older secrets behind it: the first seals and signs, all open and verify. */
export type Secret = Buffer & { id?: string; older?: Secret[] }

type Home = Pick<Config, 'secret_key' | 'home'>

/**
 * A key for one purpose, derived from SECRET_KEY; without one, from a secret that is made once and kept in the home folder. Either may be a
 * ring: the newest secret, then older ones, separated by commas.
 */
export function secretFor(config: Home, purpose: string): Secret {
  const [newest, ...older] = ringOf(config).map(text => Object.assign(derive(text, purpose, 32), { id: idOf(text) }))
  return Object.assign(newest!, { older })
}

/** The key itself, and those that it takes over from. */
export function withOlder(secret: Secret): Secret[] {
  return [secret, ...(secret.older ?? [])]
}

/** By what the secrets of the ring are known, the newest first: it stands in whatever is sealed, and gives nothing away. */
export function ringIds(config: Home): string[] {
  return ringOf(config).map(idOf)
}

/**
 * Encrypts what must be read again (AES-256-GCM). `bound` names the row and column it is for: moved to another place it cannot be
 * opened. Written as `v2:<key>:<iv>:<tag>:<text>`, base64url.
 */
export function seal(key: Secret, text: string, bound: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(bound))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v2', nameOf(key), ...[iv, cipher.getAuthTag(), sealed].map(part => part.toString('base64url'))].join(':')
}

/** Throws when it was sealed with a key that is not in the ring, for another place, or was changed. */
export function unseal(key: Secret, sealed: string, bound: string): string {
  const [version, ...parts] = sealed.split(':')
  if (version === 'v1') return openAny(withOlder(key), parts, bound)
  if (version !== 'v2') throw new Error(`This secret was sealed in a way (${version}) that this version does not know.`)
  const [name, ...rest] = parts
  const found = withOlder(key).find(one => nameOf(one) === name)
  if (!found)
    throw new Error(`This secret was sealed with the key ${name}, which is not in SECRET_KEY any more: put it behind the newest.`)
  return open(found, rest, bound)
}

/** By which key of the ring something was sealed; undefined for what was sealed before keys had names. */
export function sealedBy(sealed: string): string | undefined {
  const [version, name] = sealed.split(':')
  return version === 'v2' ? name : undefined
}

/** Before keys had names: whichever opens it. */
function openAny(keys: Secret[], parts: string[], bound: string): string {
  const [key, ...others] = keys
  try {
    return open(key!, parts, bound)
  } catch (error) {
    if (others.length === 0) throw error
    return openAny(others, parts, bound)
  }
}

function open(key: Secret, [iv = '', tag = '', text = '']: string[], bound: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 }).setAAD(
    Buffer.from(bound),
  )
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
}

/** A single secret may have a comma in it: it is none of a ring if what stands before the comma is short, and else the oldest of one. */
function ringOf(config: Home): string[] {
  const text = config.secret_key ?? storedSecret(config.home)
  const secrets = text.split(',').map(part => part.trim())
  const is_ring = secrets.length > 1 && secrets[0]!.length >= SHORTEST
  return is_ring ? [...secrets.filter(Boolean), text] : [text]
}

/** Of the newest secret of a ring. */
const SHORTEST = 16

function derive(secret: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'throughline', purpose, bytes))
}

function idOf(secret: string): string {
  return derive(secret, 'the name of this key', 4).toString('hex')
}

function nameOf(key: Secret): string {
  return key.id ?? createHash('sha256').update(key).digest('hex').slice(0, 8)
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
