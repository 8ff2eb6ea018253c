import type { FastifyRequest } from 'fastify'
import type { Mask } from '../../../shared/permissions.ts'
import { refuse } from '../../errors.ts'
import type { App } from '../../http/routes.ts'

/**
 * Leaves masked fields out of every answer: by their name wherever it stands, and e-mails and phone numbers in any text, as in the
 * properties of events. One place for all routes, so none can forget it.
 */
export function maskAnswers(app: App, masksOf: (request: FastifyRequest) => readonly Mask[]) {
  app.addHook('preSerialization', async (request, _reply, payload) => {
    const masks = masksOf(request)
    return masks.length === 0 ? payload : masked(payload, masks)
  })
}

/** A file is written past all that; and filtering or sorting by what is masked would tell it bit by bit. Throws `forbidden`. */
export function requireUnmasked(request: FastifyRequest, masks: readonly Mask[]) {
  if (masks.length === 0) return
  if (/\.csv$|\/file$/.test(request.routeOptions.url ?? ''))
    throw refuse('forbidden', { message: 'Your role does not see every field, so it has no files.' })
  requireUnmaskedQuery((request.query ?? {}) as Record<string, unknown>, masks)
}

/** The same of filters that are said in a body. */
export function requireUnmaskedQuery(query: Record<string, unknown>, masks: readonly Mask[]) {
  const asked = masks.find(
    mask =>
      mask in query ||
      String(query.sort ?? '').replace(/^-/, '') === mask ||
      (query.q !== undefined && (mask === 'email' || mask === 'phone')), // words are looked for in them, too
  )
  if (asked) throw refuse('forbidden', { message: `Your role does not see ${asked}, so it cannot search or sort by it.` })
}

const EMAIL = /[^\s@<>"',;:()]+@[^\s@<>"',;:()]+\.[^\s@<>"',;:()]+/g
const PHONE = /\+\d[\d ().-]{5,}\d/g

function masked(value: unknown, masks: readonly Mask[]): unknown {
  if (typeof value === 'string') return maskedText(value, masks)
  if (Array.isArray(value)) return value.map(item => masked(item, masks))
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isMasked(name, masks) ? null : masked(item, masks)]),
  )
}

function maskedText(text: string, masks: readonly Mask[]) {
  const without = masks.includes('email') ? text.replace(EMAIL, '…') : text
  return masks.includes('phone') ? without.replace(PHONE, '…') : without
}

function isMasked(name: string, masks: readonly Mask[]) {
  const plain = name.toLowerCase().replaceAll('-', '_')
  return masks.some(mask => plain === mask || (mask !== 'ip' && plain.split('_').includes(mask)))
}
