/**
 * No connection, or one that was taken away; a database that is full, in recovery or read-only; a lock or a deadlock that the same
 * statement will not meet again.
 */
const AWAY =
  /^(CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED)|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|08...|53...|57P0[1-5]|57014|25006|40001|40P01|55P03)$/

/** Whether the database could not answer: the same may be asked again in a moment, and it is not the data that is wrong. */
export function isAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && AWAY.test(code)
}
