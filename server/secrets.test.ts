import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { ringIds, seal, sealedBy, secretFor, unseal } from './secrets.ts'

const key = randomBytes(32)

test('opens what it sealed, and never seals the same way twice', () => {
  const sealed = seal(key, 'whsec_geheim ✓', 'endpoint 1')
  expect(unseal(key, sealed, 'endpoint 1')).toBe('whsec_geheim ✓')
  expect(seal(key, 'whsec_geheim ✓', 'endpoint 1')).not.toBe(sealed)
  expect(sealed).not.toContain('geheim')
})

test('opens nothing that was moved to another row, sealed with another key, or changed', () => {
  const sealed = seal(key, 'secret', 'endpoint 1')
  expect(() => unseal(key, sealed, 'endpoint 2')).toThrow()
  expect(() => unseal(randomBytes(32), sealed, 'endpoint 1')).toThrow()
  const last = sealed.at(-1) === 'A' ? 'B' : 'A'
  expect(() => unseal(key, sealed.replace(/.{3}$/, `${last}AA`), 'endpoint 1')).toThrow()
  expect(() => unseal(key, sealed.replace('v2:', 'v9:'), 'endpoint 1')).toThrow(/v9/)
})

const NEW = 'a secret of the ring'

test('a ring of secrets opens what each of them sealed, seals with the first, and names one that is missing', () => {
  const key = (secret_key: string) => secretFor({ secret_key, home: '/nowhere' }, 'a test')
  const old = seal(key('old'), 'text', 'row 1')
  const moved = key(`${NEW},old`)
  expect(unseal(moved, old, 'row 1')).toBe('text')
  const sealed = seal(moved, 'text', 'row 1')
  expect(unseal(key(NEW), sealed, 'row 1')).toBe('text')
  expect(() => unseal(key('old'), sealed, 'row 1')).toThrow(sealedBy(sealed))
  expect(sealedBy(sealed)).toBe(ringIds({ secret_key: NEW, home: '/nowhere' })[0])
  expect(sealedBy(old)).toBe(ringIds({ secret_key: `${NEW}, old`, home: '/nowhere' })[1])
})

test('what was sealed before there were rings is opened, also with a secret that has a comma', () => {
  const key = secretFor({ secret_key: 'a long secret of one,with a comma', home: '/nowhere' }, 'a test')
  const whole = key.older!.at(-1)!
  const v1 = (sealed: string) => sealed.replace(/^v2:[^:]+/, 'v1')
  expect(unseal(key, v1(seal(whole, 'text', 'row 1')), 'row 1')).toBe('text')
  expect(unseal(key, v1(seal(key, 'text', 'row 1')), 'row 1')).toBe('text')
})

test('a secret that begins with a short word and a comma is one secret', () => {
  expect(ringIds({ secret_key: 'Tr0ub4dor,and more of the same', home: '/nowhere' })).toHaveLength(1)
})
