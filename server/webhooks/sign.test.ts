import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { isSecret, keyOfSecret, newSecret, signatures } from './sign.ts'

const now = () => Math.floor(Date.now() / 1000)

test('the vector of the specification is signed as it says', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const signed = signatures([keyOfSecret(secret)], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')
  expect(signed).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('ten thousand bodies of any letters are verified by the library of Standard Webhooks', () => {
  for (let n = 0; n < 10_000; n++) {
    const secret = `whsec_${randomBytes(24 + (n % 41)).toString('base64')}`
    const body = JSON.stringify({ n, text: randomBytes(n % 300).toString(n % 2 ? 'latin1' : 'utf8') })
    const id = `msg_${n}`
    const timestamp = now()
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures([keyOfSecret(secret)], id, timestamp, body),
    }
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
  }
})

test('each of several secrets verifies, and none that did not sign', () => {
  const [newer, older, other] = [newSecret(), newSecret(), newSecret()]
  const timestamp = now()
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures([newer, older].map(keyOfSecret), 'msg_1', timestamp, '{}'),
  }
  expect(new Webhook(newer).verify('{}', headers)).toEqual({})
  expect(new Webhook(older).verify('{}', headers)).toEqual({})
  expect(() => new Webhook(other).verify('{}', headers)).toThrow('No matching signature')
  expect(() => new Webhook(newer).verify('{ }', headers)).toThrow('No matching signature')
})

test('a secret is whsec_ and 24 to 64 bytes in base64', () => {
  const of = (bytes: number) => `whsec_${randomBytes(bytes).toString('base64')}`
  for (const secret of [newSecret(), of(24), of(64)]) expect(isSecret(secret), secret).toBe(true)
  const wrong = [of(23), of(65), newSecret().slice(6), `whsec_${'!'.repeat(40)}`, `${newSecret()} `, 'whsec_', '']
  for (const secret of wrong) expect(isSecret(secret), secret).toBe(false)
})
