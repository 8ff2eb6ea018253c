import type { FastifyReply } from 'fastify'

/** Aborts when whoever asked leaves before they are answered: nobody reads what is still being worked out. */
export function gone(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort()
  })
  return left.signal
}
