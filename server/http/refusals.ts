import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isAway } from '../database/away.ts'
import { type ErrorCode, Refusal, refuse } from '../errors.ts'
import { explain } from './validate.ts'

/** The one place where an error becomes an answer: `{error: {code, message, fields?}}`, and nothing of what went wrong inside. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(error, request)
  if (refusal.code === 'internal') request.log.error({ err: error, request_id: request.id }, 'a request failed')
  else if (refusal.status >= 500) request.log.warn({ err: error, request_id: request.id }, 'a request could not be served now')
  if (refusal.retry_after !== undefined) reply.header('retry-after', refusal.retry_after)
  return reply.code(refusal.status).type('application/json; charset=utf-8').send(bodyOf(refusal))
}

/** What Node could not read as a request never reaches a route. It is answered in the same form, and the connection ends. */
export function answerNoHttp({ code = '' }: NodeJS.ErrnoException, socket: Socket) {
  if (code !== 'ECONNRESET' && socket.writable) {
    const refusal = NO_HTTP[code] ?? refuse('invalid_request', { message: 'This is not an HTTP request.' })
    const body = JSON.stringify(bodyOf(refusal))
    socket.write(
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  }
  socket.destroy()
}

const NO_HTTP: Record<string, Refusal> = {
  ERR_HTTP_REQUEST_TIMEOUT: refuse('request_timeout'),
  HPE_HEADER_OVERFLOW: refuse('too_large', { message: 'The address and the headers may have 16 KB together.' }),
}

export function bodyOf({ code, message, fields, slots }: Refusal) {
  return { error: { code, message, ...(fields && { fields }), ...(slots && { slots }) } }
}

/** What a client is told of an error. */
export function refusalOf(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error
  if (!(error instanceof Error)) return refuse('internal')
  const { code = '', validation, validationContext, statusCode } = error as FastifyError
  if (validation) {
    const fields = explain(validation as Parameters<typeof explain>[0])
    return refuse(validationContext === 'body' ? 'invalid_fields' : 'invalid_request', { fields })
  }
  const framework = FRAMEWORK[code]
  if (framework) return refuse(framework)
  if (isAway(error)) return refuse('unavailable', { retry_after: 2 })
  if (UNSTORABLE[code])
    return refuse(request.body === undefined ? 'invalid_request' : 'invalid_fields', { message: UNSTORABLE[code] })
  // What is left of Fastify's own refusals (a broken header, a bad escape in the address) is the client's.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refuse('invalid_request', { message: error.message })
  return refuse('internal')
}

const FRAMEWORK: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'unreadable_body',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'unreadable_body',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'unreadable_body',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_BAD_URL: 'invalid_request',
}

// Values that have the right shape and still cannot be stored.
const UNSTORABLE: Record<string, string> = {
  '22P05': 'A text contains the character NUL, which cannot be stored.',
  '22021': 'A text contains the character NUL or broken UTF-8, which cannot be stored.',
  '22P02': 'A value does not have the form that its field needs.',
  '22003': 'A number is too large.',
  '22001': 'A text is too long.',
  '22007': 'A time does not have the right form.',
  '22008': 'There is no such day or time.',
  '54000': 'A value is too large.',
}
