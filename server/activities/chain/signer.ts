import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Config } from '../../config.ts'
import { type Secret, secretFor, withOlder } from '../../secrets.ts'

/** How far a chain was. The same is a row of the table and a line of the file. */
export type Checkpoint = { workspace_id: number; position: number; at: string; hash: string; signer: string; signature: string }
type Said = Pick<Checkpoint, 'workspace_id' | 'position' | 'at' | 'hash'>

type Pair = { name: string; private_key: KeyObject; public_key: KeyObject }

/**
 * Ed25519, derived from SECRET_KEY: nothing more to keep, and whoever has the public key can check a checkpoint without being able to make one.
 * The first of the ring signs; signatures of the older ones still count.
 */
export function signersOf(config: Config): Pair[] {
  return withOlder(secretFor(config, 'audit checkpoints')).map(pairOf)
}

export function signCheckpoint({ name, private_key }: Pair, said: Said): Checkpoint {
  return { ...said, signer: name, signature: sign(null, textOf(said), private_key).toString('base64url') }
}

/** `unknown`: signed with a key that is not in the ring any more. */
export function judgeSignature(pairs: Pair[], checkpoint: Checkpoint): 'right' | 'wrong' | 'unknown' {
  const pair = pairs.find(({ name }) => name === checkpoint.signer)
  if (!pair) return 'unknown'
  const is_right = verify(null, textOf(checkpoint), pair.public_key, Buffer.from(checkpoint.signature, 'base64url'))
  return is_right ? 'right' : 'wrong'
}

export function publicKeyOf({ public_key }: Pair): string {
  return public_key.export({ format: 'pem', type: 'spki' }).toString().trim()
}

function pairOf(seed: Secret): Pair {
  const private_key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const public_key = createPublicKey(private_key)
  const name = createHash('sha256')
    .update(public_key.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16)
  return { name, private_key, public_key }
}

function textOf({ workspace_id, position, at, hash }: Said) {
  return Buffer.from(['throughline audit checkpoint', workspace_id, position, at, hash].join('\n'))
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
