import { hash, verify } from '@node-rs/argon2'

// OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane. 25 ms a try on the machine it was measured on.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST)
}

/** Takes as long for an address that nobody has as for a wrong password, so that the time does not tell who is a user. */
export async function isPassword(password: string, password_hash: string | null): Promise<boolean> {
  const right = await verify(password_hash ?? NOBODY, password.normalize('NFKC'))
  return right && password_hash !== null
}

// Of a password that was thrown away.
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
