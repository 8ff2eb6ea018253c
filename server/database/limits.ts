import { AsyncLocalStorage } from 'node:async_hooks'
import type postgres from 'postgres'

/** Whose records somebody sees, by what they are; null: everybody's. */
export type Limits = Record<
  'contacts' | 'leads' | 'tasks' | 'appointments' | 'conversions' | 'visitors' | 'transfers',
  number[] | null
>

type Scope = { limits?: Limits | undefined; names_only?: boolean }

const scopes = new AsyncLocalStorage<Scope>()

/**
 * Everything that is read on behalf of one request: `limitReading` holds it to some records, and the policies of the database keep
 * that, whatever a statement asks (decision 0020).
 */
export function openScope(work: () => void) {
  scopes.run({}, work)
}

export function limitReading(limits: Limits | undefined) {
  const scope = scopes.getStore()
  if (scope) scope.limits = limits
}

/** Words are looked for in names alone: who asks sees no e-mails or phones, so none may be found out by searching. */
export function searchNames() {
  const scope = scopes.getStore()
  if (scope) scope.names_only = true
}

export function searchesNames() {
  return scopes.getStore()?.names_only === true
}

/** Work that sees what a request saw that asked for it. */
export function withLimits<T>(limits: Limits | undefined, work: () => Promise<T>): Promise<T> {
  return scopes.run({ limits }, work)
}

/** Whether the request that is being answered sees only some records. */
export function isLimited() {
  return scopes.getStore()?.limits !== undefined
}

/** Said at the beginning of a transaction, after the workspace was named. Nothing for whoever sees everything. */
export function applyLimits(sql: postgres.TransactionSql) {
  const limits = scopes.getStore()?.limits
  if (limits === undefined) return
  const settings = Object.entries(limits).map(
    ([name, users]) => `set local app.${name}_of = '${users === null ? '*' : users.map(Math.trunc).join(',')}'`,
  )
  return sql.unsafe([...settings, 'set local role throughline_limited'].join('; '))
}
