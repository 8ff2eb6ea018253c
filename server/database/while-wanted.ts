import type postgres from 'postgres'

/** The rows of a long question, which the database gives up as soon as `gone` says that nobody waits for them; it fails then as one that took too long. */
export async function whileWanted<T extends postgres.MaybeRow[]>(
  query: postgres.PendingQuery<T>,
  gone?: AbortSignal,
): Promise<T> {
  const stop = () => query.cancel()
  gone?.addEventListener('abort', stop, { once: true })
  if (gone?.aborted) stop()
  try {
    return await query
  } finally {
    gone?.removeEventListener('abort', stop)
  }
}
