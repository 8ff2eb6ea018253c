import type { Static } from 'typebox'
import type { ErrorBody } from '../../shared/shape.ts'

/** What the server answered instead of what was asked for; `message` is a sentence that can be shown as it is. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string>
  /** What is free instead of a time that is taken. */
  readonly slots: FreeSlot[]

  constructor(status: number, code: string, message: string, fields: Record<string, string> = {}, slots: FreeSlot[] = []) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
    this.slots = slots
  }
}

export type FreeSlot = NonNullable<Refusal['slots']>[number]
type Refusal = Static<typeof ErrorBody>['error']

type Value = string | number | boolean | null | undefined
export type Search = Record<string, Value>
type Options = {
  method?: string
  workspace_id?: number
  search?: Search
  body?: unknown
  /** A sheet, sent as it is. */
  file?: Blob
  signal?: AbortSignal | undefined
}

let csrf_token = ''

/** Every change carries the token of the session that was read last. */
export function rememberCsrf(token: string) {
  csrf_token = token
}

export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const response = await send(path, options)
  if (response.status === 204) return undefined as T
  const body = await read(response)
  if (response.ok) return body as T
  throw errorOf(response.status, body)
}

/** What is answered as a file. */
export async function requestFile(path: string, options: Options): Promise<Blob> {
  const response = await send(path, options)
  if (response.ok) return response.blob()
  throw errorOf(response.status, await read(response))
}

/** Where the browser fetches a file by itself: it sends no headers, so the workspace stands in the address. */
export function addressOf(path: string, workspace_id: number, search: Search = {}) {
  return `/api/v1${path}${query({ workspace_id, ...search })}`
}

type Upload = { workspace_id: number; search: Search; file: Blob; signal: AbortSignal; onSent: (bytes: number) => void }

/** A file of any length, and how much of it is on its way: `fetch` does not tell. Aborted, it throws as `fetch` does. */
export function upload<T>(path: string, { workspace_id, search, file, signal, onSent }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest()
    sending.open('POST', `/api/v1${path}${query(search)}`)
    const headers = { ...headersOf('POST', workspace_id), 'content-type': 'text/csv' }
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value)
    sending.responseType = 'json'
    sending.upload.onprogress = ({ loaded }) => onSent(loaded)
    sending.onload = () => {
      const { status, response } = sending
      if (status >= 200 && status < 300) resolve(response as T)
      else reject(errorOf(status, response))
    }
    sending.onerror = () => reject(unreachable())
    sending.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => sending.abort())
    sending.send(file)
  })
}

async function send(path: string, { method = 'GET', workspace_id, search, body, file, signal }: Options) {
  const headers = headersOf(method, workspace_id)
  if (body !== undefined) headers['content-type'] = 'application/json'
  const init: RequestInit = { method, headers, credentials: 'same-origin', signal: signal ?? null }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (file) {
    headers['content-type'] = 'text/csv'
    init.body = file
  }
  try {
    return await fetch(`/api/v1${path}${query(search)}`, init)
  } catch (error) {
    if (signal?.aborted) throw error
    throw unreachable()
  }
}

function headersOf(method: string, workspace_id: number | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(workspace_id !== undefined && { 'x-workspace-id': String(workspace_id) }),
    ...(method !== 'GET' && { 'x-csrf-token': csrf_token }),
  }
}

function unreachable() {
  return new ApiError(0, 'unreachable', 'The server does not answer. Check your connection, or whether it is running.')
}

function query(search: Search = {}) {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
}

async function read(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

function errorOf(status: number, body: unknown) {
  const error = (body as { error?: Refusal } | null | undefined)?.error
  if (error) return new ApiError(status, error.code, error.message, error.fields, error.slots)
  return new ApiError(status, 'unexpected_answer', `The server answered ${status} and nothing that can be read.`)
}
