import { ApiError } from '../../../api/request.ts'

/** What the server said about single fields of a form, by their names. */
export function fieldsOf(error: Error | null): Record<string, string> {
  return error instanceof ApiError ? error.fields : {}
}

/** What it said about the whole: nothing, when every word of it stands at a field. */
export function saidOf(error: Error | null): Error | null {
  return Object.keys(fieldsOf(error)).length > 0 ? null : error
}
