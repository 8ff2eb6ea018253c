import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

/** `whsec_` and 32 bytes of chance in base64, as Standard Webhooks writes them. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64')
}

/** Whether receivers' libraries can read it: 24 to 64 bytes, in base64 as it is always written. */
export function isSecret(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false
  const key = bytesOf(text)
  return key.length >= 24 && key.length <= 64 && PREFIX + key.toString('base64') === text
}

/**
 * The header `webhook-signature` of Standard Webhooks 1.0: with the key of each secret, in the order given, the HMAC-SHA256 of
 * `id.timestamp.body`. `timestamp` is in whole seconds. A receiver accepts any of them, so it may change over at its own time.
 */
export function signatures(keys: readonly KeyObject[], id: string, timestamp: number, body: string): string {
  const content = `${id}.${timestamp}.${body}`
  return keys.map(key => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ')
}

/** The key that a secret is written for. Made once and used for thousands of signatures. */
export function keyOfSecret(secret: string): KeyObject {
  return createSecretKey(bytesOf(secret))
}

function bytesOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64')
}
