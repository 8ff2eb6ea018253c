import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, unseal } from './secrets.ts'

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
  expect(() => unseal(key, sealed.replace('v1:', 'v9:'), 'endpoint 1')).toThrow(/v9/)
})
