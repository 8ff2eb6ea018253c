import type postgres from 'postgres'

/** The rows of a long question, which the database gives up as soon as `gone` says that nobody waits for them; it fails then as one that took too long. */
export async function whileWanted<T extends postgres.MaybeRow[]>(
  query: postgres.PendingQuery<T>,
  gone?: AbortSignal,
): Promise<T> {
  // One that was not sent is never cancelled: the driver would not send the rollback behind it either.
  if (gone?.aborted) throw Object.assign(new Error('Nobody waits for this any more.'), { code: '57014' })
  const stop = () => query.cancel()
  gone?.addEventListener('abort', stop, { once: true })
  try {
    return await query
  } finally {
    gone?.removeEventListener('abort', stop)
  }
}
