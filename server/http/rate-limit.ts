import type { FastifyRequest } from 'fastify'
import type { App } from './routes.ts'

/** How many requests a minute somebody may make, how many are left, and in how many seconds the next minute begins. */
export type Budget = { limit: number; remaining: number; reset: number }

const budgets = new WeakMap<FastifyRequest, Budget>()

export function noteBudget(request: FastifyRequest, budget: Budget) {
  budgets.set(request, budget)
}

/**
 * Tells whoever has a budget what is left of it, also with a refusal: in the three headers that clients know, and in the two that the
 * IETF made of them (draft-ietf-httpapi-ratelimit-headers).
 */
export function tellBudgets(app: App) {
  app.addHook('onSend', async (request, reply) => {
    const budget = budgets.get(request)
    if (!budget) return
    const { limit, remaining, reset } = budget
    reply.headers({
      'ratelimit-limit': limit,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': reset,
      'ratelimit-policy': `"key";q=${limit};w=60`,
      ratelimit: `"key";r=${remaining};t=${reset}`,
    })
  })
}
