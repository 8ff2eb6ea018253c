import type { FastifyRequest } from 'fastify'
import type { Mask } from '../../../shared/permissions.ts'
import { searchNames } from '../../database/limits.ts'
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

/**
 * A file is written past all that; and filtering, sorting or breaking down by what is masked would tell it bit by bit, as would looking for an e-mail
 * wherever one may stand. Throws `forbidden`.
 */
export function requireUnmasked(request: FastifyRequest, masks: readonly Mask[]) {
  if (masks.length === 0) return
  const url = request.routeOptions.url ?? ''
  if (/\.csv$|\/file$/.test(url))
    throw refuse('forbidden', { message: 'Your role does not see every field, so it has no files.' })
  const { q, ...query } = (request.query ?? {}) as Record<string, unknown>
  const { rule, steps, breakdown } = (request.body ?? {}) as Record<string, unknown>
  requireUnmaskedQuery({ ...query, ...(q !== undefined && !BY_NAME.test(url) && { q }) }, masks)
  refuseNamed(maskIn(q, masks) ?? maskIn([rule, steps, breakdown], masks))
  if (hidesWords(masks)) searchNames()
}

/** Where words are looked for in the names of people, and of things that are not masked. Anywhere else they are looked for in all that is known. */
const BY_NAME = /^\/api\/v1\/(contacts|leads|appointments|intake-webhooks|routing-rules)$/

/** The same of filters that are said in a body and asked later, when nothing says who asks. */
export function requireUnmaskedQuery(query: Record<string, unknown>, masks: readonly Mask[]) {
  if (masks.length > 0 && query.q !== undefined)
    throw refuse('forbidden', { message: 'Your role does not see every field, so it cannot search for words here.' })
  refuseNamed(maskIn({ ...query, rule: parsed(query.rule) }, masks))
}

function refuseNamed(mask: Mask | undefined) {
  if (mask) throw refuse('forbidden', { message: `Your role does not see ${mask}, so it cannot search or sort by it.` })
}

/** The masked field that something asks by: by its name, by naming it where a field is named, or by a value that only it has. */
function maskIn(asked: unknown, masks: readonly Mask[]): Mask | undefined {
  if (typeof asked === 'string')
    return masks.find(mask => (mask === 'email' && asked.search(EMAIL) >= 0) || (mask === 'phone' && asked.search(PHONE) >= 0))
  if (typeof asked !== 'object' || asked === null) return undefined
  for (const [name, value] of Object.entries(asked)) {
    const mask =
      maskOf(name, masks) ?? (NAMING.includes(name) ? maskNamed(String(value), masks) : undefined) ?? maskIn(value, masks)
    if (mask) return mask
  }
  return undefined
}

const NAMING = ['name', 'field', 'property', 'sort']

/** Comparing a user id, which is often an e-mail, with a part of one tells that, too. */
function maskNamed(text: string, masks: readonly Mask[]): Mask | undefined {
  return maskOf(text, masks) ?? (text === 'user_id' ? masks.find(mask => mask === 'email' || mask === 'phone') : undefined)
}

/** Of `-custom.work_email`, too. */
function maskOf(name: string, masks: readonly Mask[]): Mask | undefined {
  const words = name.replace(/^-/, '').split('.')
  return masks.find(mask => words.some(word => isMasked(word, [mask])))
}

function hidesWords(masks: readonly Mask[]) {
  return masks.includes('email') || masks.includes('phone')
}

/** A rule in an address is JSON; what is none is refused where it is read. */
function parsed(rule: unknown): unknown {
  try {
    return typeof rule === 'string' ? JSON.parse(rule) : rule
  } catch {
    return undefined
  }
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
