import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../errors.ts'
import type { App } from './routes.ts'

/** Remembers which methods each address has, so that a wrong method is told from a wrong address (405 from 404). */
export function learnMethods(app: App): (path: string) => string[] {
  const known = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const entry = known.get(url) ?? { pattern: patternOf(url), methods: new Set() }
    for (const name of [method].flat()) entry.methods.add(name)
    known.set(url, entry)
  })
  return path => [...known.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : []))
}

/** What no route answers. */
export function answerUnknown(methodsOf: (path: string) => string[]) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const methods = [...new Set(methodsOf(pathOf(request)))].filter(method => method !== request.method)
    if (methods.length === 0) throw refuse('not_found', { message: 'There is nothing at this address.' })
    reply.header('allow', methods.join(', '))
    throw refuse('method_not_allowed')
  }
}

export function pathOf(request: FastifyRequest): string {
  const url = request.raw.url ?? '/'
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

function patternOf(url: string) {
  const parts = url.split('/').map(part => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${parts.join('/')}/?$`)
}
