import type { App } from '../server/http/routes.ts'

/** As much of JSON Schema as our own shapes use. */
export type Shape = {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: Shape
  required?: string[]
  properties?: Record<string, Shape>
  anyOf?: Shape[]
  allOf?: Shape[]
}
export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Shape }
export type Operation = { method: string; path: string; parameters: Parameter[]; body: Shape | undefined }

/** Every route that the app publishes. What it serves beside them is listed in `UNPUBLISHED`. */
export async function operationsOf(app: App): Promise<Operation[]> {
  const { paths } = (await app.inject({ url: '/api/openapi.json' })).json<{ paths: Record<string, Record<string, Published>> }>()
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters.map(({ required = false, ...parameter }) => ({ ...parameter, required })),
      body: requestBody && Object.values(requestBody.content)[0]?.schema,
    })),
  )
}

type Published = {
  parameters?: (Omit<Parameter, 'required'> & { required?: boolean })[]
  requestBody?: { content: Record<string, { schema: Shape }> }
}

const path = (name: string): Parameter => ({ name, in: 'path', required: true, schema: { type: 'string' } })

/** Routes that are no part of the published API and are open to the world all the same. */
export const UNPUBLISHED: Operation[] = [
  { method: 'POST', path: '/api/v1/merges/{id}/undo', parameters: [path('id')], body: undefined },
  { method: 'GET', path: '/v1/projects/{write_key}/settings', parameters: [path('write_key')], body: undefined },
  { method: 'GET', path: '/l/{token}', parameters: [path('token')], body: undefined },
  { method: 'GET', path: '/calendar/{token}.ics', parameters: [path('token')], body: undefined },
  { method: 'GET', path: '/demo/config.js', parameters: [], body: undefined },
  { method: 'GET', path: '/throughline.js', parameters: [], body: undefined },
  { method: 'GET', path: '/health', parameters: [], body: undefined },
  { method: 'GET', path: '/ready', parameters: [], body: undefined },
  { method: 'GET', path: '/metrics', parameters: [], body: undefined },
  { method: 'GET', path: '/', parameters: [], body: undefined },
]

/** `/contacts/{id}` and `{id: 7}` to `/contacts/7`. */
export function addressOf({ path }: Operation, values: Record<string, string>, query: [string, string][] = []): string {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '')
  return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`
}

/**
 * A value that fits a shape. `given` is asked first for every field by its name; what it does not know is made up, and of what
 * may be left out only what it knows is put in.
 */
export function sampleOf(shape: Shape, given: (name: string, shape: Shape) => unknown = () => undefined, name = ''): unknown {
  if (shape.properties === undefined && !shape.allOf) {
    const value = given(name, shape)
    if (value !== undefined) return value
  }
  if (shape.enum) return shape.enum[0]
  if (shape.const !== undefined) return shape.const
  if (shape.allOf) return Object.assign({}, ...shape.allOf.map(part => sampleOf(part, given, name)))
  if (shape.anyOf) return sampleOf(shape.anyOf[0]!, given, name)
  const type = [shape.type ?? 'object'].flat()[0]
  if (type === 'object') return sampleOfObject(shape, given)
  if (type === 'array') return shape.items ? [sampleOf(shape.items, given, name)] : []
  if (type === 'integer' || type === 'number') return shape.minimum ?? 1
  if (type === 'boolean') return true
  if (type === 'null') return null
  return sampleOfText(shape, name)
}

function sampleOfObject({ properties = {}, required = [] }: Shape, given: (name: string, shape: Shape) => unknown) {
  const fields = Object.entries(properties).filter(([name, shape]) => required.includes(name) || given(name, shape) !== undefined)
  return Object.fromEntries(fields.map(([name, shape]) => [name, sampleOf(shape, given, name)]))
}

function sampleOfText({ format, pattern, minLength = 1 }: Shape, name: string) {
  if (format === 'date-time') return name === 'scheduled_at' ? '2099-01-31T09:30:00Z' : '2026-01-31T09:30:00Z'
  if (pattern?.includes('@')) return 'somebody@example.com'
  if (pattern?.includes('[A-Z]')) return 'A'.repeat(Number(/\{(\d)\}/.exec(pattern)?.[1] ?? 1))
  return (name || 'text').padEnd(minLength, 'x')
}
