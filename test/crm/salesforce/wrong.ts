import type { Answered } from '../standin.ts'

export function wrong(status: number, errorCode: string, message: string, fields?: string[]): Answered {
  return { status, body: [{ message, errorCode, ...(fields && { fields }) }] }
}

export function missing() {
  return wrong(404, 'NOT_FOUND', 'The requested resource does not exist')
}
