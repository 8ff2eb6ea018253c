import { readMigrations } from '../database/migrate.ts'
import type { App, Context } from './routes.ts'

/** A named question about readiness. It throws, or answers false, when the answer is no. */
export type Readiness = Record<string, () => Promise<unknown>>

/** `/health`: this process answers. `/ready`: it can do its work; a load balancer sends nothing until all of it is `ok`. */
export function healthRoutes(
  app: App,
  { database }: Context,
  { migrations, readiness }: { migrations: string; readiness: Readiness },
) {
  app.get('/health', { schema: { hide: true } }, async () => ({ status: 'ok' }))

  const questions: Readiness = {
    database: () => database.system`select`,
    migrations: async () => (await newestApplied(database.system)) === (await readMigrations(migrations)).at(-1)?.number,
    ...readiness,
  }
  app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
    const checks = Object.fromEntries(
      await Promise.all(Object.entries(questions).map(async ([name, ask]) => [name, await answer(ask)] as const)),
    )
    const ready = Object.values(checks).every(check => check === 'ok')
    reply.code(ready ? 200 : 503)
    return { status: ready ? 'ok' : 'not ready', ...checks }
  })
}

async function newestApplied(sql: Context['database']['system']) {
  const [row] = await sql<{ number: number }[]>`select max(number) as number from migrations`
  return row?.number
}

async function answer(ask: () => Promise<unknown>) {
  let late: NodeJS.Timeout | undefined
  const patience = new Promise<false>(resolve => {
    late = setTimeout(resolve, 3000, false)
  })
  try {
    return (await Promise.race([ask(), patience])) === false ? 'failed' : 'ok'
  } catch {
    return 'failed'
  } finally {
    clearTimeout(late)
  }
}
