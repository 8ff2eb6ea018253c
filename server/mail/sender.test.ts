import { expect, test } from 'vitest'
import { ConfigError } from '../config.ts'
import { senderOf } from './sender.ts'
import { optionsOf } from './smtp.ts'

const from = (query: string) => senderOf({ smtp_url: `smtp://mail.example.com/?${query}`, public_url: 'http://localhost:3000' })

test.each([
  ['https://app.example.com', 'no-reply@app.example.com'],
  ['http://localhost:3000', 'no-reply@localhost'],
  ['http://192.0.2.7:8080', 'no-reply@[192.0.2.7]'],
  ['http://[2001:db8::1]:8080', 'no-reply@[IPv6:2001:db8::1]'],
])('of a server at %s, mails are from %s', (public_url, address) => {
  expect(senderOf({ smtp_url: undefined, public_url })).toEqual({ name: 'Throughline', address })
})

test('another sender stands in SMTP_URL, with or without a name', () => {
  expect(from('from=alerts@example.com')).toEqual({ name: '', address: 'alerts@example.com' })
  expect(from('from=alerts%2Bprod@example.com')).toEqual({ name: '', address: 'alerts+prod@example.com' })
  expect(from('pool=true&from=Bread%20School%20%3Calerts@example.com%3E')).toEqual({
    name: 'Bread School',
    address: 'alerts@example.com',
  })
})

test.each([
  'from=',
  'from=alerts',
  'from=a@example.com,b@example.com',
  'from=alerts+prod@example.com',
  'from=a%0D%0ABcc:b@example.com',
])('a sender that is none (%s) stops the start with a sentence', query => {
  expect(() => from(query)).toThrow(ConfigError)
  expect(() => from(query)).toThrow(/^The from= in SMTP_URL must be one address/)
})

test.each([
  ['smtp://user:pass@mail.example.com', true],
  ['smtp://mail.example.com', undefined],
  ['smtp://user:pass@127.0.0.1:2525', undefined],
  ['smtp://user:pass@localhost', undefined],
  ['smtp://user:pass@mail.example.com?requireTLS=false', undefined],
  ['smtp://user:pass@mail.example.com?ignoreTLS=true', undefined],
  ['smtps://user:pass@mail.example.com', undefined],
])('of %s, STARTTLS is required: %s', (url, required) => {
  expect(optionsOf(url).requireTLS).toBe(required)
})
